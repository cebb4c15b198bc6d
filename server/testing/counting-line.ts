import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import type { TestContext } from 'node:test'

/** Traffic so far: bytes in both directions, and requests by their request lines. */
export type Passed = { bytesUp: number; bytesDown: number; requests: number }

/**
 * A TCP proxy to `port` that counts, and resets all connections on demand. `tamper` may change the responses, chunk by
 * chunk, as Latin-1.
 */
export async function countingLine(
  t: Pick<TestContext, 'after'>,
  port: number,
  tamper?: (answered: string) => string,
) {
  const passed: Passed = { bytesUp: 0, bytesDown: 0, requests: 0 }
  const open = new Set<Socket>()
  let refusing = false
  const server = createServer((near) => {
    if (refusing) return void near.resetAndDestroy()
    const far = connect(port, '127.0.0.1')
    near.on('data', (chunk) => {
      passed.bytesUp += chunk.length
      passed.requests += chunk.toString('latin1').split('GET /').length - 1
    })
    far.on('data', (chunk) => {
      passed.bytesDown += chunk.length
    })
    near.pipe(far)
    if (tamper) far.on('data', (chunk) => near.write(tamper(chunk.toString('latin1')), 'latin1'))
    else far.pipe(near)
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
  const line = {
    port: (server.address() as AddressInfo).port,
    passed,
    /** Resets all connections. */
    cut() {
      for (const socket of open) socket.resetAndDestroy()
    },
    /** The same, and refuses new ones until `accept`. */
    refuse() {
      refusing = true
      line.cut()
    },
    accept() {
      refusing = false
    },
  }
  t.after(() => {
    line.cut()
    server.close()
  })
  return line
}
