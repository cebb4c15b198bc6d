import { METHODS } from 'node:http'
import type { HTTPMethods } from 'fastify'
import { Refusal } from './problem.ts'
import type { Api } from './route.ts'

/** Every method that Node can parse, except CONNECT. */
const methods = METHODS.filter((method) => method !== 'CONNECT') as HTTPMethods[]

/**
 * Records the routes that are added from now on; the function it returns adds, for each, a 405 with `Allow` for the
 * methods it does not have.
 */
export function noteMethods(api: Api): (scope: Api) => void {
  for (const method of methods) if (!api.supportedMethods.includes(method)) api.addHttpMethod(method)
  const allowed = new Map<string, Set<string>>()
  api.addHook('onRoute', ({ url, method }) => {
    const known = allowed.get(url) ?? new Set()
    allowed.set(url, known)
    for (const one of [method].flat()) known.add(one)
  })
  return (scope) => {
    for (const [url, known] of [...allowed]) {
      const missing = methods.filter((method) => !known.has(method))
      const allow = [...known].join(', ')
      if (missing.length === 0) continue
      scope.route({
        url,
        method: missing,
        schema: { hide: true },
        // Before the body is read, whose errors would otherwise be reported first.
        onRequest: async () => {
          throw new Refusal('method-not-allowed', `This path allows ${allow}`, { headers: { allow } })
        },
        handler: () => undefined,
      })
    }
  }
}
