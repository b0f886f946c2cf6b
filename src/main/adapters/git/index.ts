export { createGitStatus, type GitStatusOptions } from './git-status'
