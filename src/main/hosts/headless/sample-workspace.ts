import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

const files: Readonly<Record<string, string>> = {
  'README.md': `# Harbour tides

A small program that says when the next high tide is. Made to try Trestle with: nothing here can break.

- \`src/tides.js\` finds the next high tide
- \`src/format.js\` writes times for people
- \`notes.md\` has what is still to do

Run it with \`node src/main.js\`.
`,
  'notes.md': `# Notes

- [ ] show the height of the tide beside its time
- [ ] \`formatTime\` writes 7:5 where it should write 07:05
- [ ] say something useful when there is no tide left today
`,
  'package.json': `{
  "name": "harbour-tides",
  "private": true,
  "type": "module",
  "scripts": { "start": "node src/main.js" }
}
`,
  'src/format.js': `/** For instance 7:05. */
export function formatTime(minutes) {
  return Math.floor(minutes / 60) + ':' + (minutes % 60)
}
`,
  'src/main.js': `import { formatTime } from './format.js'
import { nextHighTide } from './tides.js'

const now = new Date()
const tide = nextHighTide(now.getHours() * 60 + now.getMinutes())
console.log(tide === null ? 'No high tide is left today.' : 'Next high tide: ' + formatTime(tide.minutes))
`,
  'src/tides.js': `// Minutes after midnight, and metres above chart datum.
const highTides = [
  { minutes: 425, height: 4.2 },
  { minutes: 1171, height: 3.9 },
]

export function nextHighTide(nowMinutes) {
  return highTides.find((tide) => tide.minutes >= nowMinutes) ?? null
}
`,
}

/** Writes the sample folder; what is there already stays as it is. */
export async function createSampleWorkspace(folder: string): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    const target = join(folder, path)
    await mkdir(dirname(target), { recursive: true })
    await writeFile(target, text, { flag: 'wx' }).catch((error: unknown) => {
      if (!isAlreadyThere(error)) throw error
    })
  }
}

function isAlreadyThere(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST'
}
