/**
 * Loaded into each node of a cluster of the lab ahead of the app, by NODE_OPTIONS: tells what messages pass there, as
 * datagrams on loopback.
 */
import { createSocket } from 'node:dgram'
import { subscribe } from 'node:diagnostics_channel'
import type { PassedHop } from '#server/log/hops.ts'
import type { NodeHop } from './hear-hops.ts'

const to = Number(new URL(import.meta.url).searchParams.get('to'))
const socket = createSocket('udp4').unref()
// One that is lost, or that nobody takes, leaves a gap in a trace.
socket.on('error', () => undefined)

subscribe('wireside:hop', (message) => {
  const { hop, stream, seq, type } = message as PassedHop
  if (stream === undefined ? type !== 'message.sent' : !stream.startsWith('room:')) return
  const passed: NodeHop = { hop, seq, pid: process.pid, atMs: performance.timeOrigin + performance.now() }
  socket.send(JSON.stringify(passed), to, '127.0.0.1')
})
