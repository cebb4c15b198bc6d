/**
 * Clients that share no code with the lab's: `fetch`, the `eventsource` package, and Socket.IO's own client. On
 * `follow` they record when each entry arrives; on `stop` they report the arrivals and exit.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { EventSource } from 'eventsource'
import { io } from 'socket.io-client'
import type { DeliveryName } from '#server/protocol/lab.ts'

export type ToIndependent =
  | {
      type: 'follow'
      lane: DeliveryName
      port: number
      stream: string
      cookie: string
      pollMs: number
      count: number
    }
  | { type: 'stop' }
/** `[seq, atMs]` in epoch ms. */
export type FromIndependent = { type: 'ready' } | { type: 'arrivals'; arrivals: [number, number][] }

type Following = Extract<ToIndependent, { type: 'follow' }>
type Page = { entries: { seq: number }[]; next: string }

const arrivals: [number, number][] = []
const note = (seq: number) => void arrivals.push([seq, performance.timeOrigin + performance.now()])
const over = new AbortController()

async function poll({ port, stream, cookie, pollMs }: Following, headers: Record<string, string>) {
  let cursor = ''
  const url = `http://127.0.0.1:${port}/api/streams/${stream}`
  await pause(Math.random() * pollMs)
  while (!over.signal.aborted) {
    const after = cursor === '' ? '' : `?after=${cursor}`
    const asked = performance.now()
    const answer = await fetch(url + after, { headers: { cookie, ...headers }, signal: over.signal }).catch(
      () => undefined,
    )
    if (answer?.status === 200) {
      const page = (await answer.json()) as Page
      for (const { seq } of page.entries) note(seq)
      cursor = page.next
    }
    await pause(Math.max(0, pollMs - (performance.now() - asked)))
  }
}

function listen({ port, stream, cookie }: Following): Promise<unknown> {
  const source = new EventSource(`http://127.0.0.1:${port}/api/streams/${stream}`, {
    fetch: (url, init) => fetch(url, { ...init, headers: { ...init.headers, cookie } }),
  })
  source.addEventListener('message', ({ data }) => note(JSON.parse(data).seq))
  over.signal.addEventListener('abort', () => source.close())
  return new Promise((resolve) => source.addEventListener('open', resolve, { once: true }))
}

function talk({ port, stream, cookie }: Following): Promise<unknown> {
  const socket = io(`http://127.0.0.1:${port}`, {
    transports: ['websocket'],
    forceNew: true,
    extraHeaders: { cookie },
  })
  socket.on('entries', ({ entries }: Page) => {
    for (const { seq } of entries) note(seq)
  })
  over.signal.addEventListener('abort', () => socket.close())
  return new Promise((resolve) => {
    socket.on('connect', () => socket.emit('follow', { stream }, resolve))
  })
}

async function follow(order: Following) {
  const waiting: Promise<unknown>[] = []
  for (let nth = 0; nth < order.count; nth += 1) {
    if (order.lane === 'sse') waiting.push(listen(order))
    else if (order.lane === 'socket') waiting.push(talk(order))
    else if (order.lane === 'long') void poll({ ...order, pollMs: 0 }, { prefer: 'wait=25' })
    else void poll(order, {})
  }
  await Promise.all(waiting)
  process.send?.({ type: 'ready' } satisfies FromIndependent)
}

process.on('message', (message: ToIndependent) => {
  if (message.type === 'follow') return void follow(message)
  over.abort()
  process.send?.({ type: 'arrivals', arrivals } satisfies FromIndependent, () => process.exit())
})
process.on('disconnect', () => process.exit())
