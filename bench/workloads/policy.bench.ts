import { NewPermissionRuleSchema, type PermissionRule } from '../../src/contract/permissions'
import { createRuleBook } from '../../src/main/core/permissions/rule-book'
import { decide, type PermissionRequest } from '../../src/main/core/permissions/rules'
import { report } from '../report'

const RULES = 1000
const DECISIONS = 200_000

/** As people make them: most for one tool, some for all, with a condition. */
function makeRule(index: number): PermissionRule {
  const tool = index % 10 === 0 ? null : `tool_${index % 200}`
  const conditions = [{ key: index % 2 === 0 ? 'command' : 'path', operator: index % 3 === 0 ? 'matches' : 'startsWith', value: `folder-${index}/**` }]
  return { ...NewPermissionRuleSchema.parse({ effect: index % 3 === 0 ? 'deny' : 'allow', scope: 'user', tool, conditions, priority: index % 7 }), id: String(index), createdAt: index }
}

const rules = createRuleBook(Array.from({ length: RULES }, (_, index) => makeRule(index)))
const requests = Array.from({ length: 500 }, (_, index): { request: PermissionRequest; args: Record<string, unknown> } => ({
  request: {
    toolName: `tool_${index % 250}`, capability: index % 2 === 0 ? 'execute' : 'edit', paths: [`src/file-${index}.ts`], hosts: [], allowedHosts: [], mode: 'ask', trusted: true, sandboxed: true, grants: [],
  },
  args: { command: `folder-${index}/run --with some arguments` },
}))
const once = (index: number) => {
  const { request, args } = requests[index % requests.length] ?? { request: null, args: {} }
  return request && decide(request, { rules, arguments: args, agent: 'general' })
}
for (let index = 0; index < 20_000; index++) once(index)
const started = performance.now()
for (let index = 0; index < DECISIONS; index++) once(index)
const perSecond = DECISIONS / ((performance.now() - started) / 1000)
const times: number[] = []
for (let index = 0; index < 50_000; index++) {
  const before = process.hrtime.bigint()
  once(index)
  times.push(Number(process.hrtime.bigint() - before) / 1000)
}
times.sort((one, other) => one - other)
report({ name: 'policy.decisions', value: perSecond, unit: '/s' })
report({ name: 'policy.p99', value: times[Math.floor(times.length * 0.99)] ?? 0, unit: 'us' })
