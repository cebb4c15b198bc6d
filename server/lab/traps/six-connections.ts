import type { RequestListener } from 'node:http'
import { get, Agent as Sockets } from 'node:http'
import type { Agent } from './arms/agent.ts'
import { sixConnections } from './arms/six-connections.ts'
import { throughDoor } from './door.ts'
import { streamsOverHttp2 } from './streams-over-http2.ts'
import type { Trap } from './trap.ts'

/** As many event streams as a browser has connections for, and one more request. */
export const trap: Trap = {
  async run(signal, open) {
    const report = await throughDoor(
      {
        ...{ trap: 'six-connections', listener },
        headless: (at, signal) => sixConnections(at, sixAtATime(), signal),
      },
      signal,
      open,
    )
    const also = await streamsOverHttp2(listener, signal)
    return { ...report, ...(also && { also }) }
  },
}

const listener: RequestListener = (request, response) => {
  if (!request.url?.startsWith('/stream')) return void response.end(String(Date.now()))
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  const beat = setInterval(() => response.write('data: beat\n\n'), 50)
  response.once('close', () => clearInterval(beat))
}

/** Node has no such limit itself: this is its connection pool, limited to a browser's six. */
function sixAtATime(): Agent {
  const agent = new Sockets({ keepAlive: true, maxSockets: 6 })
  return {
    name: 'No browser took part; Node’s connection pool, limited to six like a browser’s,',
    ask: (url, signal) =>
      new Promise((resolve, reject) => {
        get(url, { agent, signal }, async (answer) => {
          let text = ''
          for await (const chunk of answer) text += chunk
          resolve(text)
        }).once('error', reject)
      }),
    listen(url, heard) {
      const opened = Promise.withResolvers<void>()
      const stream = get(url, { agent }, (answer) => {
        opened.resolve()
        answer.on('data', (chunk) => heard(String(chunk)))
        answer.on('error', () => undefined)
      })
      stream.on('error', () => undefined)
      return { opened: opened.promise, close: () => stream.destroy() }
    },
  }
}
