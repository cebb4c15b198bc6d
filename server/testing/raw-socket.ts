import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { WebSocket } from 'ws'
import type { Problem } from '#server/protocol/problems.ts'
import { eventually } from './eventually.ts'

type Opening = { cookie?: string; path?: string; headers?: Record<string, string> }

/** A WebSocket that can send any packet; it answers Engine.IO's pings by itself. */
export type RawSocket = {
  line: WebSocket
  /** Text frames so far, in order. */
  texts: string[]
  /** Sends a text or binary frame. */
  send(packet: string | Buffer): void
  /** Waits for a matching text frame. */
  hear(fits: RegExp): Promise<string>
  /** The parsed acknowledgement of this id. */
  ack(id: number): Promise<{ ok: boolean; problem?: Problem }>
  isOpen(): boolean
  ended(): Promise<{ code: number }>
  close(): void
}

const asked = '/socket.io/?EIO=4&transport=websocket'

/** Opens a Socket.IO connection by hand. Rejects when the upgrade is refused. */
export async function rawSocket(port: number, opening: Opening = {}): Promise<RawSocket> {
  const line = new WebSocket(`ws://127.0.0.1:${port}${opening.path ?? asked}`, {
    headers: headersOf(opening),
  })
  const texts: string[] = []
  let code: number | undefined
  line.on('message', (data, isBinary) => {
    const text = String(data)
    if (!isBinary) texts.push(text)
    if (text === '2') line.send('3')
  })
  line.on('close', (closed) => {
    code = closed
  })
  await once(line, 'open')
  line.on('error', () => undefined)

  const hear = (fits: RegExp) => eventually(() => texts.find((text) => fits.test(text)))
  await hear(/^0\{/)
  line.send('40')
  await hear(/^40\{/)
  return {
    line,
    texts,
    send: (packet) => line.send(packet),
    hear,
    async ack(id) {
      const prefix = `43${id}[`
      const text = await eventually(() => texts.find((each) => each.startsWith(prefix)))
      return JSON.parse(text.slice(prefix.length - 1))[0]
    },
    isOpen: () => line.readyState === WebSocket.OPEN,
    async ended() {
      await eventually(() => code !== undefined)
      return { code: code ?? 0 }
    },
    close: () => line.terminate(),
  }
}

/** Sends an upgrade that must be refused, and returns the response. Throws when it is accepted. */
export async function refusedUpgrade(port: number, opening: Opening = {}): Promise<Response> {
  const line = new WebSocket(`ws://127.0.0.1:${port}${opening.path ?? asked}`, {
    headers: headersOf(opening),
  })
  try {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      line.once('unexpected-response', (_request, response) => resolve(response))
      line.once('open', () => reject(new Error('The upgrade was taken')))
      line.once('error', reject)
    })
    const chunks: Buffer[] = []
    for await (const chunk of answer) chunks.push(chunk)
    const { rawHeaders, statusCode = 0 } = answer
    const headers = rawHeaders.flatMap((name, at): [string, string][] =>
      at % 2 === 0 ? [[name, rawHeaders[at + 1] ?? '']] : [],
    )
    return new Response(Buffer.concat(chunks), { status: statusCode, headers })
  } finally {
    line.on('error', () => undefined)
    line.terminate()
  }
}

function headersOf({ cookie, headers }: Opening): Record<string, string> {
  return { ...(cookie !== undefined && { cookie }), ...headers }
}
