/**
 * What most tutorials show: a trigger notifies with the row, and the server writes it to every connected client. No
 * history, no cursor, no limit on a client's queue, and the session is checked only on connect.
 */
import { createServer, type ServerResponse } from 'node:http'
import pg from 'pg'
import { type Carrier, type CarrierOptions, openCarrier } from './carrier.ts'
import { naiveChannel } from './start-naive-server.ts'

const [databaseUrl = '', port = '', gatewayPort = ''] = process.argv.slice(2)
const comesBackAfterMs = 2_000
const clients = new Set<ServerResponse>()

async function listen() {
  const client = new pg.Client({ connectionString: databaseUrl })
  const again = () => {
    client.removeAllListeners('end')
    setTimeout(listen, comesBackAfterMs)
  }
  client.on('error', () => undefined)
  client.once('end', again)
  client.on('notification', ({ payload = '' }) => (carrier ? carrier.send(payload) : broadcast(payload)))
  try {
    await client.connect()
    await client.query(`LISTEN ${naiveChannel}`)
  } catch {
    client.end().catch(() => undefined)
    again()
  }
}

function broadcast(payload: string) {
  const { seq } = JSON.parse(payload)
  for (const client of clients) client.write(`id: naive.${seq}\ndata: ${payload}\n\n`)
}

async function isSignedIn(cookie = ''): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${gatewayPort}/api/auth/get-session`, { headers: { cookie } })
  return (await answer.json()) !== null
}

const server = createServer(async (request, response) => {
  if (request.url === '/queued') {
    const queued = [...clients].reduce((sum, client) => sum + client.writableLength, 0)
    return void response.end(String(queued))
  }
  if (gatewayPort !== '' && !(await isSignedIn(request.headers.cookie))) {
    return void response.writeHead(401).end()
  }
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
  response.write('event: ready\nid: naive.0\ndata: {"head":"naive.0","beatMs":0}\n\n')
  clients.add(response)
  response.once('close', () => clients.delete(response))
})

let carrier: Carrier | undefined
process.once('message', async (options: CarrierOptions) => {
  carrier = await openCarrier(options, broadcast)
  process.send?.('opened')
})

await listen()
server.listen({ port: Number(port), host: '127.0.0.1', backlog: 4_096 }, () => console.log('ready'))
process.on('disconnect', () => process.exit())
