import type { RequestListener } from 'node:http'
import { throughDoor } from './door.ts'
import { onNodesEventSource } from './on-nodes-event-source.ts'
import type { Trap } from './trap.ts'

const ailsMs = 1_000

/** A server that restarts under an EventSource. */
export const trap: Trap = {
  run: (signal, open) =>
    throughDoor(
      {
        ...{ trap: 'event-source-ends-on-503', listener: restartingServer() },
        headless: (at, signal) => onNodesEventSource('event-source-ends-on-503', at, signal),
      },
      signal,
      open,
    ),
}

/** For each path: one event, then the end; then 503 for a second; then 200 with the second event. */
function restartingServer(): RequestListener {
  const lives = new Map<string, { statuses: number[]; endedAt: number | undefined }>()
  return (request, response) => {
    const [path = '', rest] = (request.url ?? '').split('/').slice(1)
    const life = lives.get(path) ?? { statuses: [], endedAt: undefined }
    lives.set(path, life)
    if (rest === 'statuses') return void response.end(JSON.stringify(life.statuses))
    const ails = life.endedAt !== undefined && performance.now() - life.endedAt < ailsMs
    life.statuses.push(ails ? 503 : 200)
    if (ails) return void response.writeHead(503, { 'retry-after': '1' }).end()
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
    if (life.endedAt === undefined) {
      life.endedAt = performance.now()
      response.end('retry: 100\nid: 1\ndata: one\n\n')
    } else response.write('id: 2\ndata: two\n\n')
  }
}
