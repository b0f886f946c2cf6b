// Makes a folder be itself, then a link to another place, and so on until it is killed.
import { renameSync, rmSync, symlinkSync } from 'node:fs'

const [folder, elsewhere] = process.argv.slice(2)
const pause = new Int32Array(new SharedArrayBuffer(4))
symlinkSync(elsewhere, `${folder}.link`)
process.send('started')
for (;;) {
  Atomics.wait(pause, 0, 0, 0.1)
  renameSync(folder, `${folder}.real`)
  replace(`${folder}.link`)
  Atomics.wait(pause, 0, 0, 0.1)
  renameSync(folder, `${folder}.link`)
  replace(`${folder}.real`)
}

/** The other side may have made a folder in the moment when there was none. */
function replace(by) {
  try {
    renameSync(by, folder)
  } catch {
    rmSync(folder, { recursive: true, force: true })
    replace(by)
  }
}
