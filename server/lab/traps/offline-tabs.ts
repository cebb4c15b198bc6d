import type { RequestListener } from 'node:http'
import { throughDoor } from './door.ts'
import { onNodesEventSource } from './on-nodes-event-source.ts'
import { serve } from './serve.ts'
import { silentLine } from './silent-line.ts'
import type { Trap } from './trap.ts'

const everyMs = 200
const beatMs = 300

/** A stream whose line goes dead without being closed. */
export const trap: Trap = {
  async run(signal, open) {
    await using served = await serve(countingStream())
    await using line = await silentLine(served.port)
    const listener: RequestListener = (request, response) => {
      if (request.url === '/line') return void response.end(String(line.port))
      if (request.url === '/dark') line.goDark()
      response.end(String(head()))
    }
    const headless = (at: string, signal: AbortSignal) => onNodesEventSource('offline-tabs', at, signal)
    return await throughDoor({ trap: 'offline-tabs', listener, headless }, signal, open)
  },
}

const startedAt = performance.now()
/** The number of the newest event: there is one every so often, whoever listens. */
const head = () => Math.floor((performance.now() - startedAt) / everyMs) + 1

function countingStream(): RequestListener {
  return (request, response) => {
    const after = new URL(request.url ?? '/', 'http://trap').searchParams.get('after')
    response.writeHead(200, { 'content-type': 'text/event-stream', 'access-control-allow-origin': '*' })
    let last = after === null || after === '0' ? head() - 1 : Number(after)
    const events = setInterval(() => {
      for (; last < head(); last += 1) response.write(`data: ${last + 1}\n\n`)
    }, 20)
    const beats = setInterval(() => response.write('event: beat\ndata:\n\n'), beatMs)
    response.once('close', () => {
      clearInterval(events)
      clearInterval(beats)
    })
  }
}
