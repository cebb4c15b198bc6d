/** The floor: Node's own `http` with the same responses from constants, at once or, when held, at the word `/release`. */
import { createServer, type ServerResponse } from 'node:http'

const etag = '"k7x2ab.4-aBcDeFgH"'
const body = Buffer.from(JSON.stringify({ id: 'L-0000000000', status: 'under-review', cursor: 'k7x2ab.4' }))
const page = Buffer.from(JSON.stringify({ entries: [], next: 'k7x2ab.1', head: 'k7x2ab.1', more: false }))
const shared = ['etag', etag, 'cache-control', 'private, no-cache', 'vary', 'Accept, Prefer, Cookie']
const notModified = [...shared, 'retry-after', '30']
const json = (of: Buffer) => [...shared, 'content-type', 'application/json', 'content-length', `${of.length}`]
const [bodyHead, pageHead] = [json(body), json(page)]
const held: ServerResponse[] = []

createServer({ keepAliveTimeout: 65_000 }, (request, response) => {
  if (request.url === '/held') return void held.push(response)
  if (request.url === '/release') {
    for (const each of held.splice(0)) each.writeHead(200, pageHead).end(page)
    return response.end('released')
  }
  if (request.headers['if-none-match'] === etag) return response.writeHead(304, notModified).end()
  response.writeHead(200, bodyHead).end(body)
}).listen(Number(process.env.PORT), '127.0.0.1')
