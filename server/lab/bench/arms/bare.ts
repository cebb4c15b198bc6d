/** The floor: a bare Node `http` handler with the same answer, from a constant, and no thought at all. */
import { createServer } from 'node:http'

const etag = '"k7x2ab.4-aBcDeFgH"'
const body = JSON.stringify({ id: 'L-0000000000', status: 'under-review', cursor: 'k7x2ab.4' })

createServer({ keepAliveTimeout: 65_000 }, (request, response) => {
  const known = request.headers['if-none-match'] === etag
  response.writeHead(known ? 304 : 200, {
    etag,
    'cache-control': 'private, no-cache',
    vary: 'Accept, Prefer, Cookie',
    'retry-after': '30',
    ...(known ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
  })
  response.end(known ? undefined : body)
}).listen(Number(process.env.PORT), '127.0.0.1')
