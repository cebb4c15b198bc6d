/** The floor for held requests: a bare Fastify handler that holds, and answers everybody when told to. */
import Fastify from 'fastify'

const body = Buffer.from(JSON.stringify({ entries: [], next: 'k7x2ab.1', head: 'k7x2ab.1', more: false }))
const held: (() => void)[] = []
const app = Fastify({ keepAliveTimeout: 65_000 })

app.get('/held', async (_request, reply) => {
  await new Promise<void>((resolve) => held.push(resolve))
  return reply
    .headers({
      etag: '"k7x2ab.1-aBcDeFgH"',
      'cache-control': 'private, no-cache',
      vary: 'Accept, Prefer, Cookie',
    })
    .type('application/json')
    .send(body)
})
app.get('/release', async () => {
  for (const release of held.splice(0)) release()
  return 'released'
})
app.get('/healthz', async () => 'ok')
await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' })
