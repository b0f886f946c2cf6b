import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { startTestServer, type TestServer } from '../testing/start-server'
import { contractRoutes } from './routes'

const ResponseSchema = z.union([z.object({ $ref: z.string() }), z.object({ description: z.string(), content: z.record(z.string(), z.object({ schema: z.unknown() })).optional() })])
const OperationSchema = z.object({
  operationId: z.string(),
  tags: z.array(z.string()),
  parameters: z.array(z.object({ name: z.string(), in: z.enum(['path', 'query', 'header']), required: z.boolean().optional(), schema: z.unknown() })).optional(),
  requestBody: z.object({ content: z.object({ 'application/json': z.object({ schema: z.unknown() }) }) }).optional(),
  responses: z.record(z.string().regex(/^([1-5]\d\d|default)$/), ResponseSchema),
})
/** The parts of OpenAPI 3.1 that our document uses, by its specification. */
const DocumentSchema = z.object({
  openapi: z.string().regex(/^3\.1\.\d+$/),
  info: z.object({ title: z.string(), version: z.string() }),
  servers: z.array(z.object({ url: z.string() })),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  paths: z.record(z.string().startsWith('/'), z.partialRecord(z.enum(['get', 'put', 'post', 'patch', 'delete']), OperationSchema)),
  components: z.object({
    schemas: z.record(z.string(), z.unknown()),
    responses: z.record(z.string(), ResponseSchema),
    securitySchemes: z.object({ token: z.object({ type: z.literal('http'), scheme: z.literal('bearer') }) }),
  }),
})

let server: TestServer
let document: z.infer<typeof DocumentSchema>

beforeAll(async () => {
  server = await startTestServer()
  document = DocumentSchema.parse((await server.ask('/api/v1/openapi.json')).json)
})
afterAll(() => server.close())

describe('the OpenAPI document', () => {
  it('lists exactly the routes of the contract', () => {
    const listed = Object.entries(document.paths).flatMap(([path, item]) => Object.entries(item).map(([method, operation]) => `${method.toUpperCase()} ${path} ${operation.operationId}`))
    expect(listed.sort()).toEqual(contractRoutes().map(({ method, path, name }) => `${method} ${path} ${name}`).sort())
  })

  it('names every part of a path as a parameter, has an operation once, and an error for each', () => {
    const ids = new Set<string>()
    for (const [path, item] of Object.entries(document.paths)) {
      for (const operation of Object.values(item)) {
        ids.add(operation.operationId)
        const inPath = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path').map(({ name }) => name)
        expect(inPath.sort()).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort())
        expect(operation.responses['default']).toEqual({ $ref: '#/components/responses/Error' })
        expect(Object.keys(operation.responses).some((status) => status.startsWith('2'))).toBe(true)
      }
    }
    expect(ids.size).toBe(contractRoutes().length)
  })

  it('points only to what it has', () => {
    const found = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, pointer]) => pointer ?? '')
    const lookUp = (pointer: string) => pointer.split('/').reduce<unknown>((node, name) => (node as Record<string, unknown> | undefined)?.[name], document)
    expect(found.filter((pointer) => lookUp(pointer) === undefined)).toEqual([])
    expect(found.length).toBeGreaterThan(0)
  })

  it('says which answers an instruction can have', () => {
    expect(Object.keys(document.paths['/agents/execute']?.post?.responses ?? {}).sort()).toEqual(['200', '202', 'default'])
  })

  it('is the same every time', async () => {
    const [first, second] = [await server.ask('/api/v1/openapi.json'), await server.ask('/api/v1/openapi.json')]
    expect(second.text).toBe(first.text)
    expect(document.info.version).toBe('1.2.3')
  })
})
