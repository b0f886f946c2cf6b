export { createTerminalProcesses, type TerminalProcessesOptions } from './terminal-processes'
