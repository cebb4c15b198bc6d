import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { problemAnswer } from './answers.ts'

declare module 'fastify' {
  interface FastifySchema {
    /** Its responses, by status. Only for the document: responses are bytes that were encoded once. */
    responses?: Record<number, z.ZodType>
    /** The headers that it uses; validated where they are read. */
    heeds?: z.ZodObject
  }
}

/** A response without a body. */
export const empty = z.null()

export const createHeaders = z.object({ 'idempotency-key': z.string().describe('New for each new thing') })

/** For creates of little consequence, where a client may omit it. */
export const optionalCreateHeaders = createHeaders.partial()

export const pollHeaders = z.object({
  prefer: z.string().optional().describe('wait=N: holds the answer for up to N seconds'),
  'if-none-match': z.string().optional().describe('The ETag of the last answer: 304 while it holds'),
})

export const streamHeaders = pollHeaders.extend({
  accept: z.string().optional().describe('text/event-stream: the entries as Server-Sent Events'),
  'last-event-id': z.string().optional().describe('The cursor of the last event; it wins over `after`'),
})

const viewerHeader = z
  .string()
  .optional()
  .describe('Whose page asks, a user id: 409 when somebody else is signed in')

/** The OpenAPI form of a route's schema: every refusal is a problem, and pages may name their viewer. */
export const toOpenApi: typeof jsonSchemaTransform = (document) => {
  const { responses, heeds, ...schema } = document.schema
  const { config } = document.route
  return jsonSchemaTransform({
    ...document,
    schema: {
      ...schema,
      ...(!config?.forAnyViewer && { headers: z.object({ ...heeds?.shape, 'x-viewer': viewerHeader }) }),
      response: {
        ...responses,
        default: {
          description: 'A problem (RFC 9457)',
          content: { 'application/problem+json': { schema: problemAnswer } },
        },
      },
    },
  })
}

/** The named schemas besides the routes, without unreferenced ones. */
export const withSchemas: typeof jsonSchemaTransformObject = (document) => {
  const whole = jsonSchemaTransformObject(document)
  const schemas = 'components' in whole ? (whole.components?.schemas ?? {}) : {}
  const unused = () => {
    const text = JSON.stringify(whole)
    return Object.keys(schemas).filter((name) => !text.includes(`"#/components/schemas/${name}"`))
  }
  // Repeated, because one may only be referenced by another unreferenced one.
  for (let names = unused(); names.length > 0; names = unused()) {
    for (const name of names) delete schemas[name]
  }
  return whole
}
