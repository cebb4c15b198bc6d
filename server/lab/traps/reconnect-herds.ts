import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import type { TrapArm } from '#server/protocol/lab-report.ts'
import { serve, type Trap } from './trap.ts'

const clients = 150
/** What the server can take in each tenth of a second; the rest gets a 503. */
const room = 40
const windowMs = 100
const capMs = 3_000

/** All clients that lost one server reconnect to it. */
export const trap: Trap = {
  async run(signal) {
    return {
      trap: 'reconnect-herds',
      failing: await armOf('Every client waits one second', () => 1_000, signal),
      working: await armOf(`Every client waits a random time up to ${capMs / 1_000} s`, fullJitter, signal),
    }
  },
}

function fullJitter(): number {
  return Math.random() * capMs
}

async function armOf(title: string, pauseMs: () => number, signal: AbortSignal): Promise<TrapArm> {
  const arrivals: number[] = []
  let refused = 0
  await using served = await serve((_, response) => {
    const now = performance.now()
    arrivals.push(now)
    const crowded = countSince(arrivals, now - windowMs) > room
    if (crowded) refused += 1
    response.writeHead(crowded ? 503 : 200).end()
  })
  const agent = new Agent({ keepAlive: false })
  const lostAt = performance.now()
  const backAfter = await Promise.all(
    Array.from({ length: clients }, async () => {
      let status = 503
      while (status === 503) {
        await delay(pauseMs(), undefined, { signal })
        status = await knock(served.port, agent, signal)
        // The storm has been shown once; repeating it would only take longer.
        if (status === 503 && performance.now() - lostAt > capMs) break
      }
      return performance.now() - lostAt
    }),
  )
  const worst = Math.max(...arrivals.map((at) => countSince(arrivals, at - windowMs, at)))
  return {
    title,
    fell: refused > 0,
    seen: [
      `${clients} clients lost the server at the same time; at worst, ${worst} of them tried to connect within ${windowMs} ms.`,
      refused > 0
        ? `The server accepts ${room} in ${windowMs} ms: ${refused} attempts were refused, and retried at the same time again.`
        : `The server accepts ${room} in ${windowMs} ms: none were refused.`,
      `The last one connected or gave up after ${(Math.max(...backAfter) / 1_000).toFixed(1)} s.`,
    ],
  }
}

async function knock(port: number, agent: Agent, signal: AbortSignal): Promise<number> {
  const asked = request({ port, host: '127.0.0.1', agent, signal }).end()
  const [answer] = await once(asked, 'response')
  answer.resume()
  return answer.statusCode
}

function countSince(times: number[], since: number, until = Number.POSITIVE_INFINITY): number {
  return times.filter((at) => at > since && at <= until).length
}
