import { once } from 'node:events'
import { Agent, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import type { TrapArm } from '#server/protocol/lab-report.ts'
import { median } from '#server/protocol/median.ts'
import { bufferingProxy } from '../network/buffering-proxy.ts'
import { serve, type Trap } from './trap.ts'

const everyMs = 100
const forMs = 3_000
const readyWithinMs = 800

/** A stream and long polls, both through a proxy that passes a response on only when it is complete. */
export const trap: Trap = {
  async run(signal) {
    return {
      trap: 'buffering-proxies',
      failing: await throughProxy('Keeps waiting for the stream', waitForStream, signal),
      working: await throughProxy('Detects it and switches to long polling', noticeAndPoll, signal),
    }
  },
}

type Reading = { port: number; heard: (seq: number) => void; signal: AbortSignal }

async function waitForStream({ port, heard, signal }: Reading): Promise<void> {
  const answer = await get(port, '/stream', signal)
  for await (const chunk of answer) for (const seq of seqsIn(chunk)) heard(seq)
}

async function noticeAndPoll(reading: Reading): Promise<void> {
  const { port, heard, signal } = reading
  let last = 0
  const silent = AbortSignal.timeout(readyWithinMs)
  await waitForStream({ ...reading, signal: AbortSignal.any([signal, silent]) }).catch(leftOnly(silent))
  while (!signal.aborted) {
    const answer = await get(port, `/poll?after=${last}`, signal)
    for await (const chunk of answer) {
      for (const seq of seqsIn(chunk)) {
        heard(seq)
        last = seq
      }
    }
  }
}

async function throughProxy(
  title: string,
  read: (reading: Reading) => Promise<void>,
  signal: AbortSignal,
): Promise<TrapArm> {
  const writtenAt: number[] = []
  const waiting = new Set<() => void>()
  await using served = await serve((incoming, response) => answer(incoming, response))
  const proxy = await bufferingProxy(served.port)
  const over = new AbortController()
  const heardAt: number[] = []
  const reading = read({
    port: proxy.port,
    heard(seq) {
      heardAt[seq - 1] ??= performance.now()
    },
    signal: AbortSignal.any([signal, over.signal]),
  }).catch(leftOnly(over.signal))
  for (let written = 0; written < forMs / everyMs; written += 1) {
    await delay(everyMs, undefined, { signal })
    writtenAt.push(performance.now())
    for (const tell of waiting) tell()
  }
  await delay(everyMs, undefined, { signal })
  over.abort()
  await reading
  await proxy.close()

  const came = heardAt.filter((at) => at !== undefined).length
  const lateMs = median(
    writtenAt.slice(-10).flatMap((at, n, all) => {
      const heard = heardAt[writtenAt.length - all.length + n]
      return heard === undefined ? [] : [heard - at]
    }),
  )
  return {
    title,
    fell: came < writtenAt.length,
    seen: [
      `The server wrote ${writtenAt.length} events in ${forMs / 1_000} s, each immediately; ${came} came out of the proxy.`,
      came === 0
        ? 'Not even the response headers arrived, so the client waits and assumes that nothing is happening.'
        : `No first frame came within ${readyWithinMs} ms, so the client switched to long polling.`,
      ...(lateMs === undefined
        ? []
        : [`Of the last ten events, half arrived within ${lateMs.toFixed(1)} ms.`]),
    ],
  }

  function answer(incoming: IncomingMessage, response: ServerResponse) {
    const url = new URL(incoming.url ?? '/', 'http://trap')
    const streams = url.pathname === '/stream'
    let last = Number(url.searchParams.get('after') ?? 0)
    response.writeHead(200, { 'content-type': streams ? 'text/event-stream' : 'text/plain' })
    const tell = () => {
      if (writtenAt.length === last) return
      for (; last < writtenAt.length; last += 1) response.write(`data: ${last + 1}\n\n`)
      if (!streams) response.end()
    }
    waiting.add(tell)
    response.once('close', () => waiting.delete(tell))
    if (streams) response.write('event: ready\n\n')
    tell()
  }
}

async function get(port: number, path: string, signal: AbortSignal): Promise<IncomingMessage> {
  const asked = request({ port, host: '127.0.0.1', path, signal, agent: new Agent() }).end()
  const [answer] = await once(asked, 'response')
  return answer
}

const seqsIn = (chunk: Buffer) => [...String(chunk).matchAll(/data: (\d+)/g)].map(([, seq]) => Number(seq))

/** Ignores errors caused by leaving, and rethrows any other. */
function leftOnly(left: AbortSignal) {
  return (error: unknown) => {
    if (!left.aborted) throw error
  }
}
