import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Hop } from '#server/log/hops.ts'

/** A message passed there, by the wall clock of this machine; `pid` is that of the node. */
export type NodeHop = { hop: Hop; seq: number; pid: number; atMs: number }

export type Hops = {
  /** The environment of nodes that tell their hops. */
  settings: Record<string, string>
  /** What was heard of the entry with this seq, in the order of time. */
  of(seq: number): NodeHop[]
  close(): Promise<void>
}

const tellHops = pathToFileURL(resolve(import.meta.dirname, 'tell-hops.ts'))
/** Of the newest messages. */
const kept = 200

/** Takes what the nodes tell of messages in the one room that a cluster has. */
export async function hearHops(): Promise<Hops> {
  const socket = createSocket('udp4')
  const heard: NodeHop[] = []
  socket.on('message', (text) => {
    heard.push(JSON.parse(text.toString()) as NodeHop)
    if (heard.length > kept) heard.shift()
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return {
    settings: { NODE_OPTIONS: `--import=${tellHops}?to=${socket.address().port}` },
    of: (seq) => heard.filter((each) => each.seq === seq).toSorted((a, b) => a.atMs - b.atMs),
    close: async () => void socket.close(),
  }
}
