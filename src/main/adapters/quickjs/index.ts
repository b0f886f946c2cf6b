export { createScriptRunner } from './script-runner'
