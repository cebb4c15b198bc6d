import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, request } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { passUpgrade } from './buffering-proxy.ts'

/** What the proxy does with upgrades: passes them, refuses them, or cuts each right after it begins. */
export type UpgradeBehavior = 'passes' | 'refuses' | 'cuts'

/** A proxy that serves HTTP correctly, and WebSockets as configured. */
type UpgradeProxy = {
  port: number
  /** Applies to upgrades from now on. */
  does(manner: UpgradeBehavior): void
  /** Upgrades that were refused or cut so far. */
  spoiled(): number
  close(): Promise<void>
}

/** A reset discards what the browser has not read yet: it must read the 101 to know of a connection. */
const grantedMs = 200
const refusal = 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'

/** Listens on a free loopback port and forwards to `port`; `origin` is the origin that the app expects of its pages. */
export async function upgradeProxy(
  { port, origin }: { port: number; origin: string },
  manner: UpgradeBehavior,
): Promise<UpgradeProxy> {
  let current = manner
  let spoiled = 0
  const open = new Set<Socket>()
  const known = (headers: IncomingHttpHeaders) => ({ ...headers, ...(headers.origin && { origin }) })

  const server = createServer((near, response) => {
    const { method, url: path, headers } = near
    const far = request({ host: '127.0.0.1', port, method, path, headers: known(headers) }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
      answer.pipe(response)
      answer.once('error', () => response.destroy())
    })
    response.once('close', () => far.destroy())
    far.once('error', () => response.destroy())
    near.pipe(far)
  })

  server.on('upgrade', ({ url, headers }, near: Socket, head) => {
    open.add(near)
    near.once('close', () => open.delete(near))
    if (current !== 'passes') spoiled += 1
    if (current === 'refuses') return void near.on('error', () => near.destroy()).end(refusal)
    const far = passUpgrade(port, { url, headers: known(headers), near, head })
    if (current === 'cuts') far.once('data', () => setTimeout(() => near.resetAndDestroy(), grantedMs))
  })

  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    does(manner) {
      current = manner
    },
    spoiled: () => spoiled,
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      for (const near of open) near.destroy()
      await closed
    },
  }
}
