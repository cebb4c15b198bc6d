import { once } from 'node:events'
import type { RequestListener } from 'node:http'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { throughDoor } from './door.ts'
import { onNodesEventSource } from './on-nodes-event-source.ts'
import { serve, type Trap } from './trap.ts'

const everyMs = 200
const beatMs = 300

/** A stream whose connection goes dead without being closed. */
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
/** The number of the newest event: one per interval, whoever listens. */
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

type SilentLine = AsyncDisposable & {
  port: number
  /** Open connections carry nothing from now on without being closed, as after a lost NAT entry; new ones work. */
  goDark(): void
}

/** A proxy to `port` of this machine. */
async function silentLine(port: number): Promise<SilentLine> {
  const joined = new Set<[near: Socket, far: Socket]>()
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1')
    const pair: [Socket, Socket] = [near, far]
    joined.add(pair)
    near.pipe(far).pipe(near)
    for (const socket of pair) socket.on('error', () => socket.destroy())
    near.once('close', () => {
      far.destroy()
      joined.delete(pair)
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    goDark() {
      for (const [near, far] of joined) {
        near.unpipe(far)
        far.unpipe(near)
        // Keep reading and discard the data, so that the server believes it is read.
        near.resume()
        far.resume()
      }
    },
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close')
      server.close()
      for (const [near] of joined) near.destroy()
      await closed
    },
  }
}
