import type { IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { WebSocket } from 'ws'
import type { StreamBye } from '#server/protocol/streams.ts'
import { type OpenClient, Usage } from './client.ts'
import {
  ClientPosition,
  type Refused,
  refusalFromProblem,
  refusalFromResponse,
  seqOf,
} from './client-position.ts'
import { addressOf, answerMs } from './http-connection.ts'
import { ResponseHead } from './response-reader.ts'
import { packetIn, type SocketPacket } from './socket-packets.ts'

const path = '/socket.io/?EIO=4&transport=websocket'

/**
 * WebSocket: Socket.IO's protocol on a bare `ws`; follows from its cursor, and treats a connection without pings as
 * dead.
 */
export const openSocketClient: OpenClient = (going, hear) => {
  const { port, host = '127.0.0.1', cookie, stream } = going
  const usage = new Usage()
  const place = new ClientPosition(going)
  let socket: WebSocket | undefined
  let head: string | undefined
  let bye: StreamBye | undefined
  let silence: NodeJS.Timeout | undefined
  let timer: NodeJS.Timeout | undefined
  let isClosed = false

  function open() {
    const opened = new WebSocket(`ws://${host}:${port}${path}`, {
      headers: { cookie },
      perMessageDeflate: false,
      skipUTF8Validation: true,
      createConnection: () => {
        const line = connect(addressOf(going))
        usage.begin(line)
        line.once('connect', () => {
          usage.requests += 1
        })
        return line
      },
    })
    socket = opened
    bePatient(answerMs)
    opened.on('message', (bytes: Buffer) => {
      if (socket !== opened) return
      silence?.refresh()
      take(opened, packetIn(bytes))
    })
    opened.on('unexpected-response', (_request, answer) => refuse(opened, answer))
    opened.on('error', () => opened.terminate())
    opened.on('close', lost)
  }

  function openIn(ms: number) {
    if (!isClosed) timer = setTimeout(open, ms)
  }

  function bePatient(ms: number) {
    clearTimeout(silence)
    silence = setTimeout(() => socket?.terminate(), ms)
  }

  function take(line: WebSocket, packet: SocketPacket) {
    switch (packet.type) {
      case 'open':
        bePatient(packet.pingInterval + packet.pingTimeout)
        return line.send('40')
      case 'ping':
        return line.send('3')
      case 'connected': {
        const after = place.cursor
        return line.send(
          `420${JSON.stringify(['follow', after === undefined ? { stream } : { stream, after }])}`,
        )
      }
      case 'ack':
        if (!packet.ack.ok) return refused(refusalFromProblem(packet.ack.problem))
        head = packet.ack.head
        // No entry has given a cursor yet: a client that began in an empty stream would start over, past what was
        // trimmed meanwhile.
        if (place.cursor === 'now' || seqOf(head) === 0) place.cursor = head
        break
      case 'heard':
        place.cursor = packet.next
        for (const each of packet.heard) hear(each)
        break
      case 'bye':
        bye = packet
        return line.terminate()
      case 'other':
        return
    }
    if (head === undefined || isClosed || !place.reaches(head)) return
    head = undefined
    place.opened()
  }

  function refuse(opened: WebSocket, answer: IncomingMessage) {
    const { statusCode = 0, rawHeaders } = answer
    let text = `HTTP/1.1 ${statusCode}`
    for (let at = 0; at < rawHeaders.length; at += 2) text += `\r\n${rawHeaders[at]}: ${rawHeaders[at + 1]}`
    const chunks: Buffer[] = []
    answer.on('data', (chunk: Buffer) => chunks.push(chunk))
    answer.once('close', () => {
      if (socket === opened) refused(refusalFromResponse(new ResponseHead(text), Buffer.concat(chunks)))
    })
  }

  function refused({ heard, isFinal, adviceMs }: Refused) {
    if (isClosed) return
    end()
    usage.refused += 1
    hear(heard)
    if (isFinal) close()
    else openIn(place.reconnect.pauseMs({ type: 'failed', adviceMs }))
  }

  function lost() {
    end()
    openIn(place.pauseAfter(bye))
    bye = undefined
  }

  /** Ends the connection, if it has not ended, without the `lost` handler. */
  function end() {
    clearTimeout(silence)
    place.lost()
    socket?.off('close', lost)
    socket?.terminate()
    socket = undefined
  }

  function close() {
    isClosed = true
    clearTimeout(timer)
    end()
  }

  open()
  return { counts: () => usage.counts(), isOpen: () => place.isOpen, close }
}
