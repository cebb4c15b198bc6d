import type { Batch } from '#server/log/log.ts'
import { formatCursor } from '#server/log/log.ts'
import type { ServerEventName, ServerEvents } from '#server/protocol/socket.ts'
import { shared } from './shared.ts'

/**
 * A Socket.IO event, encoded once for all recipients: its text, and for Engine.IO the complete WebSocket frame, which
 * is the same for every socket because server frames are not masked (RFC 6455, section 5.3).
 */
export type Packet = { text: string; options: { compress: false; wsPreEncodedFrame: [Buffer] } }

/** WS3: a batch of a stream as a packet, encoded once for all followers. Its entries are passed on byte for byte. */
export const encodeBatch = shared((batch: Batch, stream: string): Packet => {
  if (batch.type === 'reset') {
    return packetOf('reset', { stream, head: formatCursor(batch.head), reason: batch.reason })
  }
  const entries = batch.entries.map(({ json }) => json).join(',')
  const next = formatCursor(batch.next)
  return encode('entries', `{"stream":${JSON.stringify(stream)},"entries":[${entries}],"next":"${next}"}`)
})

/** An event of the default namespace with one argument. */
export function packetOf<Name extends ServerEventName>(name: Name, event: ServerEvents[Name]): Packet {
  return encode(name, JSON.stringify(event))
}

/** `4` is an Engine.IO message, `2` a Socket.IO event. */
function encode(name: ServerEventName, json: string): Packet {
  const text = `2["${name}",${json}]`
  return { text, options: { compress: false, wsPreEncodedFrame: [textFrame(`4${text}`)] } }
}

/** One unmasked text frame (RFC 6455, section 5.2). */
export function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text)
  const start = length < 126 ? 2 : length < 65_536 ? 4 : 10
  const frame = Buffer.allocUnsafe(start + length)
  frame[0] = 0x81
  if (start === 2) frame[1] = length
  else if (start === 4) {
    frame[1] = 126
    frame.writeUInt16BE(length, 2)
  } else {
    frame[1] = 127
    frame.writeBigUInt64BE(BigInt(length), 2)
  }
  frame.write(text, start)
  return frame
}
