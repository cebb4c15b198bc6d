import { type Agent, type Arm, pause, type WalkIn } from './agent.ts'

const watchedMs = 3_000

/** A stream whose server restarts, answers 503 for one second, and is well again. */
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
    title: 'EventSource, which comes back by itself',
    fell: closed && heard.length === 1,
    seen: [
      `${agent.name}: the stream ended, EventSource asked again and was answered 503.`,
      `${(watchedMs - 1_000) / 1_000} s after the server was well again: readyState ${closed ? 'CLOSED' : 'not CLOSED'}, ${requests.length} requests in all (${requests.join(', ')}).`,
      `Of two events it had ${heard.length}.`,
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
      `${requests.length} requests in all (${requests.join(', ')}).`,
      backMs === undefined
        ? `Of two events it had ${heard.length}.`
        : `It had both events ${(backMs / 1_000).toFixed(1)} s after it was opened first.`,
    ],
  }
}

/** The statuses with which the server has answered so far. */
async function requestsOf(url: string, signal: AbortSignal): Promise<string[]> {
  return (await fetch(`${url}/statuses`, { signal, cache: 'no-store' })).json()
}
