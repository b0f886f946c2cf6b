// Writes docs/screenshots/README.md: every picture that is there, in the order in which one meets the views.
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const titles = {
  welcome: 'The first start', home: 'A folder, and nothing in it yet', conversation: 'A conversation', approval: 'An agent asks before it acts', question: 'An agent asks a question',
  'needs-you': 'What waits for you', 'tool-output': 'Output of a command', prompts: 'The prompts of a conversation', find: 'Find in a conversation', 'search-sessions': 'Search over all sessions',
  changes: 'What was changed', change: 'One change', context: 'What the model sees', run: 'The steps of a turn', usage: 'What it cost', timeline: 'Checkpoints', 'timeline-graph': 'Checkpoints as a graph',
  compare: 'Two points compared', restore: 'Before a restore', branch: 'A branch', 'compare-branches': 'Two branches side by side', tasks: 'The board', task: 'A task', 'tasks-list': 'Tasks as a list',
  'new-task': 'A new task', plan: 'A plan', agents: 'The agents of a turn', 'prompt-queue': 'The prompt queue', schedules: 'Schedules', schedule: 'One schedule', workflows: 'A workflow', 'workflow-editor': 'A workflow is changed', 'workflow-start': 'A workflow is started', memory: 'The memory', 'memory-item': 'One item, with its history', 'memory-graph': 'The memory as a graph', 'memory-then': 'The memory as it was', knowledge: 'What is known of things',
  'knowledge-thing': 'One thing', 'knowledge-list': 'What is known, as a list', 'memory-review': 'What waits for review', 'memory-used': 'Used in an answer', editor: 'The editor', terminal: 'The editor and a terminal', 'quick-open': 'Go to a file', search: 'Search and replace',
  palette: 'Every command', shortcuts: 'Every shortcut', 'quick-prompt': 'The quick prompt',
}
const order = Object.keys(titles)

/** @param {string} name */
function titleOf(name) {
  const known = Object.entries(titles).find(([key]) => key === name)?.[1]
  const words = name.replaceAll('-', ' ')
  return known ?? (name.startsWith('settings-') ? `Settings: ${words.slice('settings-'.length)}` : words[0]?.toUpperCase() + words.slice(1))
}

/** @param {string} name */
const rank = (name) => (order.includes(name) ? order.indexOf(name) : order.length + (name.startsWith('settings-') ? 1 : 0))

/** @param {string} folder */
export async function listScreenshots(folder) {
  const names = new Set((await readdir(folder)).flatMap((file) => /^(.*)-1280-light\.png$/.exec(file)?.[1] ?? []))
  const sections = [...names].sort((left, right) => rank(left) - rank(right) || left.localeCompare(right)).map((name) => {
    const title = titleOf(name)
    return `\n## ${title}\n\n| light | dark |\n|---|---|\n| ![${title}, light](${name}-1280-light.png) | ![${title}, dark](${name}-1280-dark.png) |\n\nNarrow: [light](${name}-900-light.png), [dark](${name}-900-dark.png)\n`
  })
  await writeFile(join(folder, 'README.md'), `# Every view\n\n\`npm run screenshots\` compares the window with these pictures; \`npm run screenshots -- --update-snapshots\` takes them anew.\n${sections.join('')}`)
}
