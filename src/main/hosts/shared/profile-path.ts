import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where both hosts keep the profile of a person who names no other: the system's folder for data of applications. */
export function defaultProfilePath(platform: string, environment: Readonly<Record<string, string | undefined>>, home = homedir()): string {
  switch (platform) {
    case 'darwin':
      return join(home, 'Library', 'Application Support', 'Trestle')
    case 'win32':
      return join(environment['APPDATA'] || join(home, 'AppData', 'Roaming'), 'Trestle')
    default:
      return join(environment['XDG_DATA_HOME'] || join(home, '.local', 'share'), 'trestle')
  }
}
