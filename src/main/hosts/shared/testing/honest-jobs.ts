import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Mode } from '#contract/common'
import { order, RESULT } from './obedient-model'

export interface Job {
  readonly name: string
  readonly mode: Mode
  /** More than these are too many. What a mode is said to ask, and nothing besides. */
  readonly questions: number
  readonly ask: readonly string[]
  /** Whether it is done, by what is on disk and by what the model was given of results. */
  readonly done: (given: string) => boolean
  readonly untrusted?: true
}

export interface JobPlace {
  readonly folder: string
  /** Of a page that may be read. */
  readonly site: string
  readonly sandboxed: boolean
  /** Whether the server of the page was asked for this. */
  readonly visited: (path: string) => boolean
  readonly posted: (text: string) => boolean
}

type Facts = readonly [name: string, mode: Mode, questions: number, ask: readonly string[], done: (given: string) => boolean, untrusted?: true]

/** What people have agents do all day, each in a folder of its own. */
export function honestJobs(place: JobPlace): readonly Job[] {
  const all = [...reading(place), ...editing(place), ...commands(place), ...versions(place), ...web(place), ...others(place)]
  return all.map(([name, mode, questions, ask, done, untrusted]) => ({ name, mode, questions, ask, done, ...(untrusted && { untrusted }) }))
}

const files: Readonly<Record<string, string>> = {
  'notes.md': '# the plan of the week\nmore of it\n', 'src/a.ts': 'export const answer = 41\n', 'src/b.ts': 'import { answer } from "./a"\nconsole.log(answer)\n', 'src/deep/c.ts': 'export const depth = "three levels"\n',
  'docs/guide.md': '# Guide\nHow to begin\n', 'docs/deep/more.md': 'Further reading\n', 'data.csv': 'name,count\nred,3\ngreen,5\nred,4\n', 'old.txt': 'old', 'todo.txt': 'one\ntwo\nthree\ntwo\n', 'package.json': '{}', '.env': 'COLOUR=blue-77\n', '.env.example': 'COLOUR=\n', 'long.txt': Array.from({ length: 300 }, (_, line) => `line ${line + 1}\n`).join(''),
}

export function prepareJob(folder: string): void {
  for (const name of ['src/deep', 'docs/deep', '.git/hooks', '.git/objects', '.git/refs/heads']) mkdirSync(join(folder, name), { recursive: true })
  writeFileSync(join(folder, '.git/HEAD'), 'ref: refs/heads/main\n')
  writeFileSync(join(folder, '.git/config'), '[core]\n\trepositoryformatversion = 0\n\tbare = false\n')
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
}

const read = (path: string, more: object = {}) => order('read_file', { path, ...more })
const write = (path: string, content: string) => order('write_file', { path, content })
const edit = (path: string, before: string, after: string, more: object = {}) => order('edit_file', { path, old_text: before, new_text: after, ...more })
const search = (pattern: string, more: object = {}) => order('search_text', { pattern, ...more })
const list = (path?: string) => order('list_files', path === undefined ? {} : { path })
const glob = (pattern: string) => order('glob', { pattern })
const run = (command: string, more: object = {}) => order('run_command', { command, ...more })
const gives = (...texts: readonly string[]) => (given: string) => texts.every((text) => given.includes(text))

function reading(_place: JobPlace): readonly Facts[] {
  return [
    ['read a file', 'ask', 0, [read('notes.md')], gives('the plan of the week')],
    ['look around in plan mode', 'plan', 0, [list(), read('src/a.ts')], gives('package.json', 'answer = 41')],
    ['find a word and files', 'ask', 0, [search('answer'), glob('**/*.ts')], gives('src/a.ts:1:', 'src/deep/c.ts')],
    ['read in a folder that is not trusted', 'ask', 0, [read('notes.md')], gives('the plan of the week'), true],
    ['search in a folder that is not trusted', 'ask', 0, [search('plan')], gives('notes.md:1:'), true],
    ['list a folder that is not trusted', 'plan', 0, [list(), glob('docs/**')], gives('todo.txt', 'docs/deep/more.md'), true],
    ['read a part of a long file', 'ask', 0, [read('long.txt', { offset: 200, limit: 3 })], (given) => given.includes('line 202') && !given.includes('line 203')],
    ['search in a part of the folder', 'ask', 0, [search('Further', { path: 'docs' })], gives('docs/deep/more.md:1:Further')],
    ['search with a pattern', 'plan', 0, [search('^t[wh]\\w+$', { path: 'todo.txt' })], gives('two', 'three')],
    ['read two files', 'ask', 0, [read('docs/guide.md'), read('docs/deep/more.md')], gives('How to begin', 'Further reading')],
    ['go on after a file that is not there', 'ask', 0, [read('nots.md'), read('notes.md')], gives('not found', 'the plan of the week')],
    ['find nothing', 'ask', 0, [search('no such words')], gives('No line matches')],
    ['read a table', 'auto-edit', 0, [read('data.csv')], gives('green,5')],
    ['read what is private and keep it here', 'ask', 0, [read('.env')], gives('blue-77')],
    ['read an example of settings', 'plan', 0, [read('.env.example'), read('package.json')], gives('COLOUR=', '{}')],
    ['list a folder below', 'sandboxed-auto', 0, [list('src'), list('src/deep')], gives('deep/', 'c.ts')],
  ]
}

function editing({ folder }: JobPlace): readonly Facts[] {
  const text = (name: string) => (existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : null)
  const is = (name: string, content: string | null) => () => text(name) === content
  return [
    ['write a file', 'ask', 1, [write('new.txt', 'new')], is('new.txt', 'new')],
    ['change a line', 'ask', 1, [read('src/a.ts'), edit('src/a.ts', '41', '42')], is('src/a.ts', 'export const answer = 42\n')],
    ['change and add without being asked', 'auto-edit', 0, [edit('src/a.ts', '41', '43'), write('src/deep/d.ts', 'd')], () => text('src/a.ts')?.includes('43') === true && text('src/deep/d.ts') === 'd'],
    ['move and delete', 'auto-edit', 0, [order('move_file', { from: 'notes.md', to: 'docs/notes.md' }), order('delete_file', { path: 'old.txt' })], () => text('docs/notes.md') !== null && text('notes.md') === null && text('old.txt') === null],
    ['change the manifest of the package', 'auto-edit', 1, [write('package.json', '{"name":"mine"}')], is('package.json', '{"name":"mine"}')],
    ['change a word everywhere in a file', 'auto-edit', 0, [edit('todo.txt', 'two', '2', { replace_all: true })], is('todo.txt', 'one\n2\nthree\n2\n')],
    ['make folders for a file', 'auto-edit', 0, [write('a/b/c/d.txt', 'deep')], is('a/b/c/d.txt', 'deep')],
    ['rename a folder', 'auto-edit', 0, [order('move_file', { from: 'docs', to: 'manual' })], () => text('manual/deep/more.md') === 'Further reading\n' && text('docs/guide.md') === null],
    ['delete a folder', 'auto-edit', 0, [order('delete_file', { path: 'docs' })], is('docs/guide.md', null)],
    ['replace a whole file', 'auto-edit', 0, [write('todo.txt', 'done\n')], is('todo.txt', 'done\n')],
    ['change a file twice', 'auto-edit', 0, [edit('todo.txt', 'one', '1'), edit('todo.txt', 'three', '3')], is('todo.txt', '1\ntwo\n3\ntwo\n')],
    ['move a file after a question', 'ask', 1, [order('move_file', { from: 'old.txt', to: 'older.txt' })], is('older.txt', 'old')],
    ['delete a file after a question', 'ask', 1, [order('delete_file', { path: 'old.txt' })], is('old.txt', null)],
    ['write three files after three questions', 'ask', 3, [write('x1', '1'), write('x2', '2'), write('x3', '3')], () => text('x1') === '1' && text('x2') === '2' && text('x3') === '3'],
    ['write a task of the editor after a question', 'auto-edit', 1, [write('.vscode/tasks.json', '{"tasks":[]}')], is('.vscode/tasks.json', '{"tasks":[]}')],
    ['write a name in another script', 'auto-edit', 0, [write('文書/Grüße.md', 'Grüße')], is('文書/Grüße.md', 'Grüße')],
    ['write a name with spaces', 'auto-edit', 0, [write('my notes/to do.md', '- a')], is('my notes/to do.md', '- a')],
    ['write an empty file', 'auto-edit', 0, [write('empty', '')], is('empty', '')],
    ['edit where everything may be edited', 'sandboxed-auto', 0, [edit('notes.md', 'more of it', 'all of it')], is('notes.md', '# the plan of the week\nall of it\n')],
    ['go on after an edit that does not fit', 'auto-edit', 0, [edit('todo.txt', 'four', '4'), edit('todo.txt', 'three', '3')], is('todo.txt', 'one\ntwo\n3\ntwo\n')],
    ['read, then write what was read', 'auto-edit', 0, [read('old.txt'), write('copy.txt', RESULT)], () => text('copy.txt')?.startsWith('old') === true],
    ['change a file with settings after a question', 'auto-edit', 1, [read('.env'), edit('.env', 'blue-77', 'green-78')], is('.env', 'COLOUR=green-78\n')],
  ]
}

function commands({ folder, sandboxed }: JobPlace): readonly Facts[] {
  const text = (name: string) => (existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : null)
  const free = (name: string, lines: readonly string[], done: (given: string) => boolean): Facts => [name, 'sandboxed-auto', sandboxed ? 0 : lines.length, lines.map((line) => run(line)), done]
  return [
    ['count lines after a question', 'auto-edit', 1, [run('wc -l < notes.md > count.txt')], () => text('count.txt')?.trim() === '2'],
    ['sort after a question', 'ask', 1, [run('sort -r todo.txt | head -1')], gives('two\n[exit code 0]')],
    free('calculate', ['node -e "console.log(6*7)"'], gives('42\n[exit code 0]')),
    free('copy and look', ['mkdir -p out && cp src/a.ts out/ && ls out', 'grep -c answer out/a.ts'], (given) => given.includes('a.ts') && text('out/a.ts') !== null),
    free('use a temporary folder', ['echo temporary > /tmp/x && cat /tmp/x'], gives('temporary\n[exit code 0]')),
    free('add up a table', [`awk -F, 'NR > 1 { sum += $2 } END { print "sum", sum }' data.csv`], gives('sum 12')),
    free('run a script', [`python3 -c "print('of', 2 + 3)"`], gives('of 5')),
    free('count what is there twice', ['sort todo.txt | uniq -d'], gives('two\n[exit code 0]')),
    free('find files', [`find . -name '*.md' -not -path './.git/*' | sort`], gives('./docs/deep/more.md')),
    free('pack and list', ['tar czf docs.tgz docs && tar tzf docs.tgz'], (given) => given.includes('docs/guide.md') && text('docs.tgz') !== null),
    free('pack and unpack', ['gzip -k notes.md && gunzip -c notes.md.gz | head -1'], gives('the plan of the week')),
    free('change in place', [`sed -i 's/two/2/' todo.txt`], () => text('todo.txt') === 'one\n2\nthree\n2\n'),
    free('write a script and start it', [`printf '#!/bin/sh\\necho ran $1\\n' > x.sh && chmod +x x.sh && ./x.sh well`], gives('ran well')),
    free('loop', ['for name in a b c; do echo "made $name" > "made-$name"; done'], () => text('made-c') === 'made c\n'),
    free('see how it failed', ['ls no-such-file'], gives('No such file', '[exit code 2]')),
    free('see both streams', ['echo out; echo err >&2; exit 3'], gives('out\nerr\n[exit code 3]')),
    free('run tests', [`mkdir -p t && printf "import test from 'node:test'\\ntest('it works', () => {})\\n" > t/x.test.mjs && node --test t/x.test.mjs`], gives('pass 1')),
    free('see a test fail', [`printf "import test from 'node:test'\\ntest('it fails', () => { throw new Error('as it must') })\\n" > y.test.mjs; node --test y.test.mjs`], gives('fail 1', 'as it must')),
    free('pass words on', ['ls src/*.ts | xargs grep -l answer'], gives('src/a.ts', 'src/b.ts')),
    free('compare', ['cp todo.txt new.txt && echo four >> new.txt; diff todo.txt new.txt'], gives('> four')),
    free('write and see', ['echo seen | tee seen.txt'], (given) => given.includes('seen') && text('seen.txt') === 'seen\n'),
    free('link inside', ['ln -s notes.md link.md && head -1 link.md'], gives('the plan of the week')),
    free('begin something in the background and wait', ['(sleep 0.1; echo late > late.txt) & wait; cat late.txt'], gives('late\n[exit code 0]')),
    free('build with make', [`printf 'all:\\n\\t@echo built > built.txt\\n' > build.mk && make -f build.mk && cat built.txt`], gives('built\n[exit code 0]')),
    free('know where it is', ['pwd && id -u && echo "$HOME" | wc -w'], gives(folder)),
    free('take what a person would type', ['cat < notes.md | tr a-z A-Z | head -1'], gives('THE PLAN OF THE WEEK')),
    free('be told of much output', [`seq 1 20000`], gives('20000')),
    ['end in time', 'sandboxed-auto', sandboxed ? 0 : 1, [run('sleep 20', { timeout_ms: 300 })], gives('time is up')],
    ['edit, then run what was edited', 'sandboxed-auto', sandboxed ? 0 : 1, [write('sum.mjs', 'console.log("sum", 20 + 3)'), run('node sum.mjs')], gives('sum 23')],
    ['run, then read what it wrote', 'sandboxed-auto', sandboxed ? 0 : 1, [run('echo "from a command" > made.txt'), read('made.txt')], gives('from a command')],
  ]
}

function versions({ sandboxed }: JobPlace): readonly Facts[] {
  const git = 'git -c user.name=A -c user.email=a@example.org'
  const free = (name: string, lines: readonly string[], done: (given: string) => boolean): Facts => [name, 'sandboxed-auto', sandboxed ? 0 : lines.length, lines.map((line) => run(line)), done]
  return [
    free('see what is new', ['git status --porcelain'], gives('?? notes.md')),
    free('commit', [`git add -A && ${git} commit -qm "first words" && git log --format=%s -1`], gives('first words\n[exit code 0]')),
    free('commit a change and see it', [`git add -A && ${git} commit -qm one`, `echo added >> notes.md && ${git} commit -qam two && git show --stat --format=%s HEAD`], gives('two', 'notes.md |')),
    free('see a difference', ['git add -A && echo changed >> todo.txt && git diff'], gives('+changed')),
    free('work on a branch', [`git add -A && ${git} commit -qm one && git switch -qc other && git branch --show-current`], gives('other\n[exit code 0]')),
    free('put away and bring back', [`git add -A && ${git} commit -qm one && echo x >> todo.txt && ${git} stash -q && git stash list && git stash pop -q && tail -1 todo.txt`], gives('stash@{0}', 'x\n[exit code 0]')),
    free('tag', [`git add -A && ${git} commit -qm one && git tag v1 && git describe --tags`], gives('v1\n[exit code 0]')),
    free('undo a change', [`git add -A && ${git} commit -qm one && echo x > todo.txt && git restore todo.txt && head -1 todo.txt`], gives('one\n[exit code 0]')),
  ]
}

function web({ folder, site, sandboxed, visited }: JobPlace): readonly Facts[] {
  const page = (path: string, more: object = {}) => order('fetch_url', { url: `${site}${path}`, ...more })
  const name = folder.slice(folder.lastIndexOf('/') + 1)
  return [
    ['read a page', 'ask', 0, [page('/data')], gives('the data of today')],
    ['read a page in plan mode', 'plan', 0, [page('/data')], gives('the data of today')],
    ['read the source of a page', 'ask', 0, [page('/data', { raw: true })], gives('<article>')],
    ['read two pages', 'auto-edit', 0, [page('/data'), page('/more')], gives('the data of today', 'the data of yesterday')],
    ['see that there is no page', 'ask', 0, [page('/none')], gives('Nothing here')],
    ['load with a command after a question', 'sandboxed-auto', 1, [run(`curl -sS --noproxy '' ${site}/data`, sandboxed ? { hosts: [site.slice('http://'.length)] } : {})], gives('the data of today')],
    ['write down what a page says', 'auto-edit', 0, [page('/data'), write('summary.md', 'as it says')], () => existsSync(join(folder, 'summary.md'))],
    ['read a page, files and another page', 'ask', 0, [page('/data'), read('src/a.ts'), search('answer'), page('/more')], gives('answer = 41', 'the data of yesterday')],
    ['read what is private, then a page', 'ask', 0, [read('.env'), page(`/more?${name}`)], (given) => given.includes('the data of yesterday') && visited(`/more?${name}`)],
    ['read a page and what is private, and write here', 'auto-edit', 0, [page('/data'), read('.env'), write('both.md', 'both')], () => existsSync(join(folder, 'both.md'))],
    ['read a page, what is private, and a page again after a question', 'ask', 1, [page('/data'), read('.env'), page(`/more?${name}`)], (given) => given.includes('the data of yesterday') && visited(`/more?${name}`)],
    ['read a page and run tests', 'sandboxed-auto', sandboxed ? 0 : 1, [page('/data'), run('echo tested')], gives('tested\n[exit code 0]')],
  ]
}

function others({ folder, posted }: JobPlace): readonly Facts[] {
  const delegate = (instruction: string, title: string) => order('delegate', { instruction, title })
  const text = (name: string) => (existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : null)
  const name = folder.slice(folder.lastIndexOf('/') + 1)
  const task = (title: string, instruction: string, more: object = {}) => ({ title, instruction, ...more })
  return [
    ['have another agent read', 'ask', 0, [delegate(`Read it: ${read('notes.md')}`, 'Read')], gives('the plan of the week')],
    ['have another agent write', 'auto-edit', 0, [delegate(`Write it: ${write('by-another.txt', 'x')}`, 'Write')], () => text('by-another.txt') === 'x'],
    ['have two agents work', 'auto-edit', 0, [delegate(write('one.txt', '1'), 'One'), delegate(write('two.txt', '2'), 'Two')], () => text('one.txt') === '1' && text('two.txt') === '2'],
    ['have another agent search', 'plan', 0, [delegate(search('depth'), 'Search')], gives('three levels')],
    ['remember and recall', 'ask', 0, [order('remember', { text: `The tests of ${name} are started with npm test.`, scope: 'workspace' }), order('recall', { query: 'how are the tests started' })], gives(`The tests of ${name} are started`)],
    ['recall what is not known', 'ask', 0, [order('recall', { query: `zebra ${name}` })], gives('Nothing is remembered')],
    ['note what belongs together', 'ask', 0, [order('graph_add', { scope: 'workspace', statements: [{ kind: 'relation', from: { name: `Module ${name}` }, type: 'uses', to: { name: 'SQLite' } }] }), order('graph_query', { around: `Module ${name}` })], gives('SQLite')],
    ['have a task done', 'auto-edit', 0, [order('create_task', { tasks: [task('Later', `Please ${write('later.txt', 'done')}`)] })], () => text('later.txt') === 'done'],
    ['have one task done after another', 'auto-edit', 0, [order('create_task', { tasks: [task('First', write('first.txt', '1'), { key: 'a' }), task('Second', `${read('first.txt')} ${write('second.txt', '2')}`, { dependsOn: ['a'] })] })], () => text('first.txt') === '1' && text('second.txt') === '2'],
    ['put a task by and list it', 'auto-edit', 0, [order('create_task', { tasks: [task('By and by', 'Nothing yet', { start: 'backlog' })] }), order('list_tasks', {})], gives('By and by (general)')],
    ['ask a person', 'ask', 1, [order('ask_user', { question: 'Which colour?' })], gives('Blue.')],
    ['let a person choose', 'auto-edit', 1, [order('ask_user', { question: 'Which one?', options: ['Blue.', 'Red.'] })], gives('Blue.')],
    ['propose a rule', 'auto-edit', 1, [order('propose_behavior', { scope: 'workspace', rules: [{ text: `Answers about ${name} are short.` }], reason: 'You said so.' })], gives('The person agreed')],
    ['read a note of a server after a question', 'ask', 1, [order('board__read', { id: 'plain' })], gives('a note of the server')],
    ['post to a server after a question', 'sandboxed-auto', 1, [order('board__post', { text: `from ${name}` })], () => posted(`from ${name}`)],
    ['read a note and write it down', 'auto-edit', 1, [order('board__read', { id: 'plain' }), write('note.md', 'a note')], () => text('note.md') === 'a note'],
  ]
}
