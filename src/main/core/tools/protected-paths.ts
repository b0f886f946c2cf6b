/** Folders whose files are run, or decide what is run, by something other than the agent. At any depth. */
const protectedFolders: ReadonlySet<string> = new Set([
  '.git', '.githooks', '.husky', '.trestle',
  '.vscode', '.idea', '.zed', '.fleet', '.devcontainer', '.vim', '.nvim',
  '.github', '.gitlab', '.circleci', '.buildkite',
  '.yarn', '.cargo', '.bundle', '.mvn',
  '.claude', '.cursor', '.codex', '.gemini', '.continue', '.windsurf', '.kiro', '.roo', '.junie', '.opencode', '.theia', '.nova',
  '.ssh', '.gnupg', '.aws', '.kube', '.docker', 'launchagents', 'autostart',
])

const protectedFiles: ReadonlySet<string> = new Set([
  '.gitmodules', '.gitattributes', '.gitconfig', 'hgrc', '.hgrc', '.lefthook.yml', 'lefthook.yml', 'lefthook.yaml', '.pre-commit-config.yaml', '.overcommit.yml', 'lefthook-local.yml', '.lefthook-local.yml',
  '.bashrc', '.bash_profile', '.bash_login', '.bash_logout', '.bash_aliases', '.profile', '.inputrc', '.xprofile', '.xinitrc',
  '.zshrc', '.zshenv', '.zprofile', '.zlogin', '.zlogout', '.kshrc', '.cshrc', '.tcshrc', 'config.fish', 'profile.ps1', 'microsoft.powershell_profile.ps1',
  '.envrc', '.env', '.direnvrc', '.tool-versions', '.mise.toml', 'mise.toml',
  '.vimrc', '.nvimrc', '.exrc', '.nvim.lua', '.dir-locals.el', '.emacs', '.tmux.conf', '.editrc', '.gdbinit', '.lldbinit',
  'package.json', '.npmrc', '.yarnrc', '.yarnrc.yml', '.pnpmfile.cjs', '.pnpmfile.mjs', 'pnpm-workspace.yaml', '.pnp.cjs', '.pnp.loader.mjs', 'bunfig.toml',
  '.rprofile', '.irbrc', '.pryrc', '.pylintrc', 'pylintrc', '.gemrc', '.curlrc', '.wgetrc', '.psqlrc', '.sqliterc', '.screenrc', '.xsession', '.xsessionrc', '.pam_environment',
  '.lvimrc', '.kateproject', '.aider.conf.yml', 'opencode.json', '.bazelrc',
  '.pypirc', 'pip.conf', 'sitecustomize.py', 'usercustomize.py', '.netrc', '.mcp.json', '.gitlab-ci.yml', '.travis.yml', 'jenkinsfile',
])

const protectedPatterns: readonly RegExp[] = [/\.code-workspace$/, /\.pth$/, /^\.env\./, /^\.lintstagedrc/]

/** Characters that some file systems leave out of names, so that `.g\u200cit` opens `.git`. */
const ignoredCharacters = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g

/**
 * Whether changing this path could make something run later, outside an approval: hooks, shell start-up files,
 * editor tasks, package scripts, our own settings. Such a change always asks. `path` is the real path relative to
 * the workspace; names are compared as the most forgiving file system would.
 */
export function isProtectedPath(path: string): boolean {
  const names = path.split(/[/\\]/).map(plainName).filter((name) => name !== '' && name !== '.')
  const last = names.at(-1)
  if (last === undefined) return false
  return names.some((name) => protectedFolders.has(name) || /^git~\d+$/.test(name))
    || protectedFiles.has(last)
    || protectedPatterns.some((pattern) => pattern.test(last))
}

function plainName(name: string): string {
  return name.normalize('NFKC').replace(ignoredCharacters, '').toLowerCase().replace(/:.*$/, '').replace(/(?<=[^. ])[. ]+$/, '')
}
