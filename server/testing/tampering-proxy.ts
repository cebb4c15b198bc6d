import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { textFrame } from '#server/deliver/encode/packet.ts'
import type { ServerEvents } from '#server/protocol/socket.ts'
import type { WireEntry, WirePage } from '#server/protocol/streams.ts'

/** What is done to one entry in transit, once per connection; a swap is with the entry after it. */
export type Plant = { what: 'loss' | 'repeat' | 'swap'; seq: number }

/** A proxy that tampers with delivered entries, keeping lengths and framing valid. */
export type TamperingProxy = { port: number; close(): Promise<void> }

/** Listens on a free loopback port and forwards to `targetPort`; without a plant it changes nothing. */
export async function tamperingProxy(targetPort: number, plant?: Plant): Promise<TamperingProxy> {
  const open = new Set<Socket>()
  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ port: targetPort, host: '127.0.0.1', noDelay: true })
    const answers = new Answers(plant)
    near.pipe(far)
    far.on('data', (bytes) => near.write(answers.take(bytes)))
    far.once('end', () => near.end())
    for (const socket of [near, far]) {
      open.add(socket)
      socket.on('error', () => socket.destroy())
      socket.once('close', () => {
        open.delete(socket)
        near.destroy()
        far.destroy()
      })
    }
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = once(server, 'close')
      server.close()
      for (const socket of open) socket.destroy()
      await closed
    },
  }
}

/** The response side of one connection: HTTP at first, and later events or WebSocket frames. */
class Answers {
  readonly #entries: Hand<WireEntry>
  readonly #events: Hand<Buffer>
  #rest: Buffer = Buffer.alloc(0)
  #next = () => this.#nextAnswer()

  constructor(plant: Plant | undefined) {
    this.#entries = new Hand(plant)
    this.#events = new Hand(plant)
  }

  /** The bytes to forward in place of these; incomplete pieces are held back. */
  take(bytes: Buffer): Buffer {
    this.#rest = Buffer.concat([this.#rest, bytes])
    const given: Buffer[] = []
    for (let piece = this.#next(); piece; piece = this.#next()) given.push(piece)
    return Buffer.concat(given)
  }

  #cut(bytes: number): Buffer {
    const piece = this.#rest.subarray(0, bytes)
    this.#rest = this.#rest.subarray(bytes)
    return piece
  }

  #nextAnswer(): Buffer | undefined {
    const headBytes = this.#rest.indexOf('\r\n\r\n') + 4
    if (headBytes < 4) return undefined
    const head = this.#rest.toString('latin1', 0, headBytes)
    if (head.startsWith('HTTP/1.1 101')) this.#next = () => this.#nextFrame()
    else if (/\r\ncontent-type: text\/event-stream/i.test(head)) this.#next = () => this.#nextEvent()
    else {
      const bodyBytes = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0)
      if (this.#rest.length < headBytes + bodyBytes) return undefined
      this.#cut(headBytes)
      return this.#answer(head, this.#cut(bodyBytes))
    }
    return this.#cut(headBytes)
  }

  #passed(entries: readonly WireEntry[]): WireEntry[] {
    return entries.flatMap((entry) => this.#entries.pass(entry.seq, entry))
  }

  #answer(head: string, body: Buffer): Buffer {
    const page = head.startsWith('HTTP/1.1 200') ? (JSON.parse(body.toString()) as Partial<WirePage>) : {}
    if (!page.entries) return Buffer.concat([Buffer.from(head, 'latin1'), body])
    const told = Buffer.from(JSON.stringify({ ...page, entries: this.#passed(page.entries) }))
    const measured = head.replace(/(\r\ncontent-length: )\d+/i, `$1${told.length}`)
    return Buffer.concat([Buffer.from(measured, 'latin1'), told])
  }

  #nextEvent(): Buffer | undefined {
    const bytes = this.#rest.indexOf('\n\n') + 2
    if (bytes < 2) return undefined
    const event = this.#cut(bytes)
    const seq = /^id: [^.]+\.(\d+)\ndata:/.exec(event.toString('latin1'))?.[1]
    return seq === undefined ? event : Buffer.concat(this.#events.pass(Number(seq), event))
  }

  /** A server's frames are not masked (RFC 6455, section 5.3). */
  #nextFrame(): Buffer | undefined {
    if (this.#rest.length < 10 && this.#rest.length < 2 + ((this.#rest[1] ?? 0) & 127)) return undefined
    const short = this.#rest.readUInt8(1)
    const start = short < 126 ? 2 : short === 126 ? 4 : 10
    const length =
      short < 126 ? short : short === 126 ? this.#rest.readUInt16BE(2) : Number(this.#rest.readBigUInt64BE(2))
    if (this.#rest.length < start + length) return undefined
    const frame = this.#cut(start + length)
    const text = frame.toString('utf8', start)
    if (!text.startsWith('42["entries",')) return frame
    const [name, told] = JSON.parse(text.slice(2)) as ['entries', ServerEvents['entries']]
    return textFrame(`42${JSON.stringify([name, { ...told, entries: this.#passed(told.entries) }])}`)
  }
}

/** Applies the plant as items pass one by one. */
class Hand<Thing> {
  readonly #plant: Plant | undefined
  #held: Thing[] = []

  constructor(plant: Plant | undefined) {
    this.#plant = plant
  }

  pass(seq: number, thing: Thing): Thing[] {
    if (seq !== this.#plant?.seq) return [thing, ...this.#held.splice(0)]
    switch (this.#plant.what) {
      case 'loss':
        return []
      case 'repeat':
        return [thing, thing]
      case 'swap':
        this.#held.push(thing)
        return []
    }
  }
}
