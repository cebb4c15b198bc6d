import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { connect, type Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import type { TrapArm } from '#server/protocol/lab-report.ts'
import { serve, type Trap } from './trap.ts'

const frame = Buffer.alloc(65_536, '.')
const frames = 400
const patienceMs = 500
const boundBytes = 1_000_000

/** A stream of 26 MB to a client that has stopped reading. */
export const trap: Trap = {
  async run(signal) {
    return {
      trap: 'slow-readers',
      failing: await armOf('Ignores what write() returns', writeOn, signal),
      working: await armOf('Respects what write() returns', obey, signal),
    }
  },
}

/** Sends frames from number `from` on, and reports how many bytes are buffered. */
type Send = (response: ServerResponse, from: number, waits: (bytes: number) => void) => Promise<void>

async function writeOn(response: ServerResponse, from: number, waits: (bytes: number) => void) {
  for (let n = from; n < frames && !response.destroyed; n += 1) {
    response.write(frame)
    waits(response.writableLength)
    await turn()
  }
  response.end()
}

async function obey(response: ServerResponse, from: number, waits: (bytes: number) => void) {
  for (let n = from; n < frames; n += 1) {
    const flows = response.write(frame)
    waits(response.writableLength)
    if (!flows && !(await drained(response))) return void response.destroy()
  }
  response.end()
}

async function drained(response: ServerResponse): Promise<boolean> {
  const late = AbortSignal.timeout(patienceMs)
  return once(response, 'drain', { signal: late }).then(
    () => true,
    () => false,
  )
}

async function armOf(title: string, send: Send, signal: AbortSignal): Promise<TrapArm> {
  let waitingBytes = 0
  let cutAt: number | undefined
  const sent = Promise.withResolvers<void>()
  await using served = await serve((request, response) => {
    const from = Number(request.url?.slice(1))
    response.writeHead(200, { 'content-length': (frames - from) * frame.length })
    void send(response, from, (bytes) => {
      waitingBytes = Math.max(waitingBytes, bytes)
    }).then(sent.resolve)
  })
  const left = () => sent.reject(signal.reason)
  signal.addEventListener('abort', left)

  const reader = ask(served.port, 0)
  await sent.promise
  reader.resume()
  let received = await framesOf(reader)
  if (received < frames) {
    cutAt = received
    received += await framesOf(ask(served.port, received).resume())
  }
  signal.removeEventListener('abort', left)
  return {
    title,
    fell: waitingBytes > boundBytes,
    seen: [
      `At most ${megabytes(waitingBytes)} were queued in the server’s memory for one client.`,
      cutAt === undefined
        ? 'There was no limit: everything was queued for the client.'
        : `After ${patienceMs} ms without progress, the connection was closed; ${cutAt} whole frames had arrived.`,
      ...(cutAt === undefined
        ? []
        : [`The client reconnected after frame ${cutAt} and ended up with ${received} of ${frames}.`]),
    ],
  }
}

/** A connection that has requested the frames from number `from` on, and does not read them yet. */
function ask(port: number, from: number): Socket {
  const socket = connect({ port, host: '127.0.0.1' }).pause()
  socket.write(`GET /${from} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`)
  return socket
}

/** Reads to the end, however it comes; returns the number of whole frames. */
async function framesOf(socket: Socket): Promise<number> {
  let bytes = 0
  let head = true
  socket.on('error', () => undefined)
  socket.on('data', (chunk: Buffer) => {
    const begins = head ? chunk.indexOf('\r\n\r\n') + 4 : 0
    head = false
    bytes += chunk.length - begins
  })
  await new Promise((resolve) => socket.once('close', resolve))
  return Math.floor(bytes / frame.length)
}

const megabytes = (bytes: number) => `${(bytes / 1_000_000).toFixed(1)} MB`
