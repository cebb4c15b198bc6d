/** Asks a server for `/healthz` every few milliseconds, and says when told to how long it waited at most. */
import { Connection } from '../crowd.ts'

const everyMs = 3
const connection = await Connection.open(Number(process.env.PORT), 0)
let longestMs = 0

async function ask() {
  const askedAt = performance.now()
  await connection.ask('GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n')
  longestMs = Math.max(longestMs, performance.now() - askedAt)
  setTimeout(ask, everyMs)
}

process.on('message', () => process.send?.(longestMs))
await ask()
process.send?.('ready')
