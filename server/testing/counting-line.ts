import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import type { TestContext } from 'node:test'

/** What has passed: bytes in both directions, and requests by their first lines. */
export type Passed = { bytesUp: number; bytesDown: number; requests: number }

/** A line to `port` that only counts, and resets everybody when it is told to. */
export async function countingLine(t: Pick<TestContext, 'after'>, port: number) {
  const passed: Passed = { bytesUp: 0, bytesDown: 0, requests: 0 }
  const open = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1')
    near.on('data', (chunk) => {
      passed.bytesUp += chunk.length
      passed.requests += chunk.toString('latin1').split('GET /').length - 1
    })
    far.on('data', (chunk) => {
      passed.bytesDown += chunk.length
    })
    near.pipe(far).pipe(near)
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(socket)
      socket.on('error', () => other.destroy())
      socket.once('close', () => {
        open.delete(socket)
        other.destroy()
      })
    }
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const cut = () => {
    for (const socket of open) socket.resetAndDestroy()
  }
  t.after(() => {
    cut()
    server.close()
  })
  return { port: (server.address() as AddressInfo).port, passed, cut }
}
