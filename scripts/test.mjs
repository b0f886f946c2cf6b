// `npm test [-- suite [runner arguments]]`: every suite in turn, or one. The last line is the total.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build, desktopMissing, ensureBuilt, ensureChromium, ensureInstalled, main, root, run, say, SetupError } from './setup.mjs'

/**
 * What a suite did. `notRun` names each skipped test, or the suite itself, with the reason; `again` each that passed only at
 * its second try; `proved` counts the cases of each family of attacks that tests tried (src/testing/attacks.ts).
 * @typedef {{passed: number, failed: number, skipped: number, notRun: string[], again?: string[], proved?: Record<string, number>}} Result
 */

/** Lint and typecheck count one test a step; their output is worth showing only when they fail. */
async function step(command, args) {
  const { code, output } = await run(command, args)
  if (code !== 0) process.stdout.write(output)
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0, notRun: [] }
}

const cannotRun = (reason) => ({ passed: 0, failed: 0, skipped: 1, notRun: [`the whole suite: ${reason}`] })

const suites = {
  lint: async () => add(await step('eslint', ['.']), await step('depcruise', ['--config', '.dependency-cruiser.mjs', 'src'])),
  types: () => step('node', [join('scripts', 'typecheck.mjs')]),
  unit: async (args) => {
    const report = reportFile('unit')
    const json = ['--reporter=json', `--outputFile.json=${report}`]
    const { code } = await run('vitest', ['run', '--reporter=dot', ...json, ...args], { output: 'show' })
    return vitestResult(code, readReport(report))
  },
  build: async () => {
    await build()
    return { passed: 1, failed: 0, skipped: 0, notRun: [] }
  },
  browser: async (args) => {
    const chromium = await ensureChromium()
    return chromium.path === null ? cannotRun(chromium.reason) : playwright('browser', args, { TRESTLE_CHROMIUM: chromium.path })
  },
  desktop: async (args) => {
    const reason = desktopMissing()
    return reason === null ? playwright('desktop', args, {}) : cannotRun(reason)
  },
}

const needsBuild = new Set(['browser', 'desktop'])

async function playwright(project, args, extraEnv) {
  await ensureBuilt()
  const report = reportFile(project)
  const { code } = await run('playwright', ['test', `--project=${project}`, '--reporter=dot,json', ...args], {
    output: 'show',
    extraEnv: { ...extraEnv, PLAYWRIGHT_JSON_OUTPUT_FILE: report },
  })
  return playwrightResult(code, readReport(report))
}

function reportFile(suite) {
  const folder = join(root, 'node_modules', '.cache', 'test-reports')
  mkdirSync(folder, { recursive: true })
  const path = join(folder, `${suite}.json`)
  rmSync(path, { force: true })
  return path
}

const readReport = (path) => (existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null)

function vitestResult(code, report) {
  const tests = (report?.testResults ?? []).flatMap((file) => file.assertionResults)
  const notRun = tests.filter(({ status }) => !['passed', 'failed'].includes(status)).map(({ fullName }) => fullName)
  const proved = sumsOf(tests.flatMap(({ status, meta }) => (status === 'passed' && meta?.proved ? [[meta.proved.family, meta.proved.cases]] : [])))
  return proven(code, { passed: report?.numPassedTests ?? 0, failed: report?.numFailedTests ?? 0, skipped: notRun.length, notRun, proved })
}

function sumsOf(counts) {
  const sums = {}
  for (const [name, count] of counts) sums[name] = (sums[name] ?? 0) + count
  return sums
}

/** A few races between a busy machine and a window are news; more of them are a defect. */
const maxSecondTries = 3

function playwrightResult(code, report) {
  const { expected = 0, unexpected = 0, flaky = 0 } = report?.stats ?? {}
  const withStatus = (wanted) => specsOf(report?.suites ?? []).filter(({ tests }) => tests.some(({ status }) => status === wanted))
  const notRun = withStatus('skipped').map(({ title, tests }) => [title, ...tests.flatMap(reasonsOf)].join(': '))
  const again = withStatus('flaky').map(({ file, title }) => `${file}: ${title}`)
  const tooMany = flaky > maxSecondTries ? flaky : 0
  return proven(code, { passed: expected + flaky - tooMany, failed: unexpected + tooMany, skipped: notRun.length, notRun, again })
}

const specsOf = (nodes) => nodes.flatMap((node) => [...(node.specs ?? []), ...specsOf(node.suites ?? [])])
const reasonsOf = (test) => test.annotations.flatMap(({ description }) => description ?? [])

/** A runner that ended badly without a failed test (a file that does not load), or ran nothing, has failed. */
function proven(code, result) {
  if (result.failed > 0 || (code === 0 && result.passed > 0)) return result
  say(result.passed > 0 ? `the runner ended with ${code} though every test passed` : 'the runner executed no test')
  return { ...result, failed: 1 }
}

function add(a, b) {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    skipped: a.skipped + b.skipped,
    notRun: [...a.notRun, ...b.notRun],
    again: [...(a.again ?? []), ...(b.again ?? [])],
    proved: sumsOf([...Object.entries(a.proved ?? {}), ...Object.entries(b.proved ?? {})]),
  }
}

function failedSetup(error) {
  if (!(error instanceof SetupError)) throw error
  say(error.message)
  return { passed: 0, failed: 1, skipped: 0, notRun: [] }
}

async function runSuite(name, args, hasBuild) {
  const start = Date.now()
  console.log(`\n▸ ${name}`)
  const result = needsBuild.has(name) && !hasBuild ? cannotRun('the build failed') : await suites[name](args).catch(failedSetup)
  console.log(`  ${name}: ${counts(result)} (${((Date.now() - start) / 1000).toFixed(1)} s)`)
  const named = (list = []) => list.map((what) => `${name}: ${what}`)
  return { ...result, notRun: named(result.notRun), again: named(result.again) }
}

const list = (title, items) => items.length > 0 && console.log(`\n${title}:\n${items.map((what) => `  - ${what}`).join('\n')}`)

const counts = ({ passed, failed, skipped }) => `${passed} passed, ${failed} failed, ${skipped} skipped`

await main(async () => {
  const [asked, ...args] = process.argv.slice(2)
  if (asked && !(asked in suites)) throw new SetupError(`no suite ${asked}; there are ${Object.keys(suites).join(', ')}`)
  await ensureInstalled()
  let total = { passed: 0, failed: 0, skipped: 0, notRun: [], again: [] }
  let hasBuild = true
  for (const name of asked ? [asked] : Object.keys(suites)) {
    const result = await runSuite(name, args, hasBuild)
    if (name === 'build') hasBuild = result.failed === 0
    total = add(total, result)
  }
  list('ATTACKS THAT CAME TO NOTHING', Object.entries(total.proved ?? {}).map(([family, cases]) => `${family}: ${cases.toLocaleString('en')}`).sort())
  list('NOT RUN HERE', total.notRun)
  list('PASSED ONLY AT THE SECOND TRY', total.again)
  console.log(`\n${counts(total)}`)
  process.exitCode = total.failed > 0 ? 1 : 0
})
