import { type Agent, type Arm, pause, type WalkIn } from './agent.ts'

const tabs = 6
const waitsMs = 1_500

/** Six tabs with a stream each, and six tabs that share one; then one more plain request. */
export const sixConnections: WalkIn = async (at, agent, signal) => ({
  failing: await aStreamEach(at, agent, signal),
  working: await oneStreamForAll(at, agent, signal),
})

async function aStreamEach(at: string, agent: Agent, signal: AbortSignal): Promise<Arm> {
  const streams = Array.from({ length: tabs }, (_, n) =>
    agent.listen(`${at}/stream?tab=${n}`, () => undefined),
  )
  await Promise.all(streams.map(({ opened }) => opened))
  const asking = answered(agent.ask(`${at}/ask?each`, signal))
  await Promise.race([asking.done, pause(waitsMs, signal)])
  const stuck = asking.afterMs() === undefined
  streams[0]?.close()
  await asking.done
  for (const stream of streams) stream.close()
  return {
    title: `${tabs} tabs, one stream each`,
    fell: stuck,
    seen: [
      `${agent.name} opened ${tabs} event streams to one host over HTTP/1.1.`,
      ...(stuck
        ? [
            `The next request got no response within ${waitsMs / 1_000} s; then one stream was closed.`,
            `The server saw that request ${round(asking.arrivedMs())} ms after it was made: it had been queued by the browser.`,
          ]
        : [`The next request got its response after ${round(asking.afterMs())} ms.`]),
    ],
  }
}

async function oneStreamForAll(at: string, agent: Agent, signal: AbortSignal): Promise<Arm> {
  const name = `trap-${crypto.randomUUID()}`
  const left = new AbortController()
  const reached = new Set<number>()
  let connections = 0
  const standing = Array.from({ length: tabs }, async (_, tab) => {
    const channel = new BroadcastChannel(name)
    channel.addEventListener('message', () => reached.add(tab))
    const lead = async () => {
      connections += 1
      const stream = agent.listen(`${at}/stream?shared`, (data) => {
        reached.add(tab)
        channel.postMessage(data)
      })
      await until(left.signal)
      stream.close()
    }
    await navigator.locks.request(name, { signal: left.signal }, lead).catch(() => undefined)
    channel.close()
  })
  while (reached.size < tabs) await pause(20, signal)
  const asking = answered(agent.ask(`${at}/ask?shared`, signal))
  await Promise.race([asking.done, pause(waitsMs, signal)])
  const afterMs = asking.afterMs()
  left.abort()
  await Promise.all([...standing, asking.done])
  return {
    title: `${tabs} tabs, one stream`,
    fell: afterMs === undefined || connections > 1,
    seen: [
      `One of ${tabs} holds the lock and the only stream; ${reached.size} of ${tabs} got its events.`,
      `The next request got its response after ${round(afterMs)} ms.`,
    ],
  }
}

/** The server responds with the time at which it received the request. */
function answered(asking: Promise<string>) {
  const askedAt = Date.now()
  let afterMs: number | undefined
  let arrivedMs: number | undefined
  const done = asking.then((arrivedAt) => {
    afterMs = Date.now() - askedAt
    arrivedMs = Number(arrivedAt) - askedAt
  })
  return { done, afterMs: () => afterMs, arrivedMs: () => arrivedMs }
}

function until(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}

const round = (ms: number | undefined) => (ms === undefined ? '—' : Math.round(ms).toLocaleString('en'))
