/** The naive arm of event streams: plain Node `http` that writes each event to each response, one after the other. */
import { createServer, type ServerResponse } from 'node:http'

const clients = new Set<ServerResponse>()
let seq = 0

createServer(async (request, response) => {
  if (request.url === '/broadcast') {
    let entry = ''
    for await (const chunk of request) entry += chunk
    seq += 1
    const frame = `id: k7x2abcd.${seq}\ndata: ${entry}\n\n`
    for (const client of clients) client.write(frame)
    return response.end(String(seq))
  }
  if (request.url !== '/stream') return response.end('ok')
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
    vary: 'Accept, Prefer, Cookie',
    'x-request-id': 'k7x2abcd',
  })
  const ready = `{"head":"k7x2abcd.${seq}","beatMs":15000}`
  response.write(`retry: 1000\n\nevent: ready\nid: k7x2abcd.${seq}\ndata: ${ready}\n\n`)
  clients.add(response)
  response.once('close', () => clients.delete(response))
}).listen(Number(process.env.PORT), '127.0.0.1')
