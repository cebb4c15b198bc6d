import type { WebSocket as Transport } from 'socket.io-client'
import type { Packet } from './packet.ts'

const encoder = new TextEncoder()

/** The same transport (Engine.IO takes classes), each of whose packets is noted in its raw text. */
export function recordedTransport(
  Base: typeof Transport,
  note: (packet: Packet) => void,
  socket: number,
  upgraded: () => void,
): typeof Transport {
  const pass = (direction: 'sent' | 'received', data: unknown) => {
    const text = String(data)
    note({ type: 'packet', direction, text, bytes: encoder.encode(text).length, atMs: Date.now(), socket })
  }
  return class extends Base {
    override createSocket(...args: Parameters<Transport['createSocket']>): WebSocket {
      note({ type: 'opening', atMs: Date.now(), socket })
      const line: WebSocket = super.createSocket(...args)
      line.addEventListener('open', () => {
        note({ type: 'opened', atMs: Date.now(), socket })
        upgraded()
      })
      line.addEventListener('message', ({ data }) => pass('received', data))
      return line
    }

    override doWrite(...args: Parameters<Transport['doWrite']>): void {
      pass('sent', args[1])
      super.doWrite(...args)
    }
  }
}
