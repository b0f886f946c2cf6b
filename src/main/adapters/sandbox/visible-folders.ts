import { existsSync, lstatSync, readFileSync, readlinkSync, realpathSync } from 'node:fs'
import { basename, dirname, join, sep } from 'node:path'

/** Of the system, read-only: programs and their libraries. What is not here, and is not found by PATH, is not there. */
export const systemFolders: readonly string[] = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32', '/etc', '/opt', '/nix', '/gnu']

/** In /etc, for whoever could read them. */
export const hiddenInSystem: readonly string[] = [
  '/etc/shadow', '/etc/shadow-', '/etc/gshadow', '/etc/gshadow-', '/etc/sudoers', '/etc/sudoers.d', '/etc/ssh', '/etc/ssl/private', '/etc/krb5.keytab',
  '/etc/NetworkManager', '/etc/wpa_supplicant', '/etc/wireguard', '/etc/docker', '/etc/kubernetes',
]

/** In the home folder: where compilers and package managers keep programs, without those that keep keys beside them. */
const toolFolders: readonly string[] = [
  '.nvm/versions', '.volta/bin', '.volta/tools', '.fnm', '.local/share/fnm', '.local/share/mise/installs', '.local/share/uv', '.local/share/pnpm', '.local/lib',
  '.asdf', '.pyenv', '.rbenv', '.rustup', '.cargo/bin', '.cargo/registry/src', '.cargo/registry/index', '.cargo/registry/cache', '.cargo/git', '.sdkman/candidates',
  'go/pkg', 'go/bin', '.bun/bin', '.deno/bin', '.ghcup', '.juliaup',
]

/** What holds keys, for a workspace that is the home folder itself. */
export const secretsInHome: readonly string[] = [
  '.ssh', '.aws', '.azure', '.gnupg', '.kube', '.docker', '.config/gcloud', '.config/gh', '.config/hub', '.config/op', '.config/rclone', '.config/google-chrome',
  '.config/chromium', '.config/BraveSoftware', '.config/microsoft-edge', '.mozilla', '.thunderbird', '.password-store', '.local/share/keyrings', '.local/share/kwalletd',
  '.pki', '.netrc', '.pgpass', '.my.cnf', '.npmrc', '.pypirc', '.git-credentials', '.config/git/credentials', '.cargo/credentials', '.cargo/credentials.toml',
  '.terraform.d', '.vault-token', '.bash_history', '.zsh_history', '.python_history', '.node_repl_history', '.wget-hsts', '.config/trestle',
  'Library/Keychains', 'Library/Cookies', 'Library/Application Support/Google', 'Library/Application Support/Firefox', 'Library/Application Support/trestle',
]

/** Folders beyond those of the system in which programs of PATH live. */
export function programFolders(path: string, home: string): string[] {
  const found = toolFolders.map((folder) => join(home, folder)).filter((folder) => existsSync(folder))
  for (const entry of path.split(':')) {
    const real = realOrNull(entry)
    if (real === null || systemFolders.some((folder) => isInside(folder, real)) || isInside(real, home)) continue
    const above = dirname(real)
    if (isInside(home, real)) {
      // Beside programs in the home folder there may be keys: only what they need is seen.
      found.push(basename(real) === '.bin' ? above : real)
      if (existsSync(join(above, 'lib')) && above !== home) found.push(join(above, 'lib'))
    } else {
      found.push(['bin', 'sbin', '.bin'].includes(basename(real)) && dirname(above) !== above ? above : real)
    }
  }
  return [...new Set(found)].filter((folder) => dirname(folder) !== folder)
}

/** The person's git configuration, for their name, when it holds no key. */
export function gitConfiguration(home: string): string | null {
  const path = join(home, '.gitconfig')
  try {
    if (!lstatSync(path).isFile()) return null
    return /token|passw|secret|extraheader|:\/\/[^\s/]*@|\[include/i.test(readFileSync(path, 'utf8')) ? null : path
  } catch {
    return null
  }
}

export function isInside(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`)
}

export function linkOrNull(path: string): string | null {
  try {
    return readlinkSync(path)
  } catch {
    return null
  }
}

function realOrNull(path: string): string | null {
  if (!path.startsWith('/')) return null
  try {
    return realpathSync(path)
  } catch {
    return null
  }
}
