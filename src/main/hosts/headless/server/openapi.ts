import { OpenAPIGenerator, type OpenAPI } from '@orpc/openapi'
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4'
import { contract } from '#contract'
import { ErrorBodySchema } from '#contract/errors'

const errorResponse: OpenAPI.ReferenceObject = { $ref: '#/components/responses/Error' }

/** The description of `/api/v1`, made from the contract. Loaded on first use: nothing else needs the generator. */
export async function buildOpenApiDocument(version: string): Promise<OpenAPI.Document> {
  const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] })
  const document = await generator.generate(contract, {
    info: {
      title: 'Trestle',
      version,
      description: 'What Trestle can be asked over HTTP. Every request needs the token that `trestle serve` prints when it is ready.',
    },
    servers: [{ url: '/api/v1' }],
    security: [{ token: [] }],
    commonSchemas: { Error: { schema: ErrorBodySchema } },
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      responses: {
        Error: {
          description: 'The request failed. `code` says how, `message` what happened and what to do.',
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
          headers: { 'x-trace-id': { description: 'Also in the body, the log and the events of the request.', schema: { type: 'string' } } },
        },
      },
    },
  })
  for (const item of Object.values(document.paths ?? {})) {
    for (const operation of [item?.get, item?.put, item?.post, item?.patch, item?.delete]) {
      if (operation) operation.responses = { ...operation.responses, default: errorResponse }
    }
  }
  return document
}
