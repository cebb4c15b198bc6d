import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { z } from 'zod'
import type { TrapName } from '#server/protocol/lab.ts'
import type { TrapReport } from '#server/protocol/lab-report.ts'
import type { Walked } from './arms/agent.ts'
import { type OpenDoor, serve } from './trap.ts'

/** How soon a page must say hello, and how long it may then take. */
const comesWithinMs = 5_000
const walksWithinMs = 30_000

export type Door = {
  trap: TrapName
  /** Serves the requests of the arms, whoever runs them. */
  listener: RequestListener
  /** Runs the trap without a browser, and says so. */
  headless: (at: string, signal: AbortSignal) => Promise<Walked>
}

const arm = z.strictObject({
  title: z.string().max(200),
  fell: z.boolean(),
  seen: z.array(z.string().max(1_000)).max(10),
})
const walkedSchema = z.strictObject({ failing: arm, working: arm })

/** Lets a page of this machine run the trap and report what it saw; without one, a program does. */
export async function throughDoor(
  { trap, listener, headless }: Door,
  signal: AbortSignal,
  open: OpenDoor | undefined,
): Promise<TrapReport> {
  const came = Promise.withResolvers<boolean>()
  const told = Promise.withResolvers<Walked>()
  // When no page came, nobody awaits this.
  told.promise.catch(() => undefined)
  let taken = false
  await using served = await serve((request, response) => {
    if (!admit(request, response)) return
    if (request.url === '/hello') {
      // One page runs the trap; others of the same run only watch.
      response.writeHead(taken ? 409 : 204).end()
      taken = true
      came.resolve(true)
    } else if (request.url === '/told') void take(request, response).then(told.resolve, told.reject)
    else listener(request, response)
  })
  if (open === undefined) return { trap, ...(await headless(served.url, signal)) }
  open(served.port)
  const late = within(comesWithinMs, signal, () => came.resolve(false))
  const walked = (await came.promise) ? told.promise : headless(served.url, signal)
  late.clear()
  const lost = within(walksWithinMs, signal, () =>
    told.reject(new Error('The page taking part didn’t report back')),
  )
  try {
    return { trap, ...(await walked) }
  } finally {
    lost.clear()
  }
}

function within(ms: number, signal: AbortSignal, over: () => void) {
  const timer = setTimeout(over, ms)
  signal.addEventListener('abort', over, { once: true })
  return {
    clear() {
      clearTimeout(timer)
      signal.removeEventListener('abort', over)
    },
  }
}

/** Pages of this machine may send requests with cookies, and read the responses; no other page may. */
function admit(request: IncomingMessage, response: ServerResponse): boolean {
  const { origin } = request.headers
  if (origin !== undefined && !['localhost', '127.0.0.1', '[::1]'].includes(hostOf(origin))) {
    response.writeHead(403).end()
    return false
  }
  if (origin !== undefined) {
    response.setHeader('access-control-allow-origin', origin)
    response.setHeader('access-control-allow-credentials', 'true')
    response.setHeader('access-control-allow-headers', 'content-type, cache-control')
  }
  if (request.method === 'OPTIONS') response.writeHead(204).end()
  return request.method !== 'OPTIONS'
}

const hostOf = (origin: string) => (URL.canParse(origin) ? new URL(origin).hostname : origin)

async function take(request: IncomingMessage, response: ServerResponse): Promise<Walked> {
  let text = ''
  for await (const chunk of request) if (text.length < 20_000) text += chunk
  response.writeHead(204).end()
  return walkedSchema.parse(JSON.parse(text))
}
