import { type Agent, type Arm, pause, type WalkIn } from './agent.ts'

const watchedMs = 3_000

/** A stream whose server restarts, responds 503 for one second, and then recovers. */
export const eventSourceEndsOn503: WalkIn = async (at, agent, signal) => ({
  failing: await trustTheSource(`${at}/trusting`, agent, signal),
  working: await makeItAnew(`${at}/anew`, signal),
})

async function trustTheSource(url: string, agent: Agent, signal: AbortSignal): Promise<Arm> {
  const heard: string[] = []
  const source = new EventSource(url)
  source.onmessage = ({ data }) => heard.push(data)
  await pause(watchedMs, signal)
  const closed = source.readyState === EventSource.CLOSED
  source.close()
  const requests = await requestsOf(url, signal)
  return {
    title: 'Plain EventSource with automatic reconnect',
    fell: closed && heard.length === 1,
    seen: [
      `${agent.name}: the stream ended, EventSource reconnected and got a 503.`,
      `${(watchedMs - 1_000) / 1_000} s after the server recovered: readyState ${closed ? 'CLOSED' : 'not CLOSED'}, ${requests.length} requests in total (${requests.join(', ')}).`,
      `It received ${heard.length} of two events.`,
    ],
  }
}

async function makeItAnew(url: string, signal: AbortSignal): Promise<Arm> {
  const heard: string[] = []
  const begunAt = performance.now()
  let backMs: number | undefined
  let failures = 0
  let source = open()
  function open() {
    const next = new EventSource(url)
    next.onmessage = ({ data }) => {
      heard.push(data)
      if (heard.length === 2) backMs = performance.now() - begunAt
    }
    next.onerror = () => {
      if (next.readyState !== EventSource.CLOSED) return
      failures += 1
      const capMs = 200 * 2 ** failures
      setTimeout(() => {
        if (!signal.aborted) source = open()
      }, Math.random() * capMs)
    }
    return next
  }
  const endsAt = begunAt + 3 * watchedMs
  while (heard.length < 2 && performance.now() < endsAt) await pause(50, signal)
  source.close()
  const requests = await requestsOf(url, signal)
  return {
    title: 'A new source after each refusal, with full jitter',
    fell: heard.length < 2,
    seen: [
      `${requests.length} requests in total (${requests.join(', ')}).`,
      backMs === undefined
        ? `It received ${heard.length} of two events.`
        : `It had both events ${(backMs / 1_000).toFixed(1)} s after it first connected.`,
    ],
  }
}

/** The statuses of the server's responses so far. */
async function requestsOf(url: string, signal: AbortSignal): Promise<string[]> {
  return (await fetch(`${url}/statuses`, { signal, cache: 'no-store' })).json()
}
