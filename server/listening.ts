import { once } from 'node:events'
import type { Server as HttpServer } from 'node:http'
import { type AddressInfo, connect, createServer, type Server } from 'node:net'

/** The app cannot listen on its address; the message is one line that says why, and which setting to change. */
export class CannotListen extends Error {
  override name = 'CannotListen'
}

type Place = { PORT: number; HOST: string }

/**
 * How many connections may wait to be accepted, as far as the system allows (`net.core.somaxconn`). With Node's default
 * of 511, most of a crowd that connects at once is dropped, and retries after one second, then three, then seven.
 */
const backlog = 4_096

/** Listens, and returns the address that was bound. Throws `CannotListen`. */
export async function listen(server: Server, place: Place): Promise<AddressInfo> {
  try {
    server.listen({ port: place.PORT, host: place.HOST, backlog })
    await once(server, 'listening')
  } catch (error) {
    throw new CannotListen(whyNot(error, place))
  }
  return server.address() as AddressInfo
}

/** Starts counting the open connections of a server. */
export function countConnections(server: Server): () => number {
  let open = 0
  const leave = () => {
    open -= 1
  }
  server.on('connection', (socket) => {
    open += 1
    socket.on('close', leave)
  })
  return () => open
}

const sweepMs = 100

/** Accepts no more connections, lets requests in progress finish, and cuts what is still open after `withinMs`. */
export async function closeServer(server: HttpServer, withinMs: number): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  // From now on each response closes its connection; otherwise a client could keep sending requests on it forever.
  server.maxRequestsPerSocket = 1
  const sweep = setInterval(() => server.closeIdleConnections(), sweepMs)
  const cut = setTimeout(() => server.closeAllConnections(), withinMs)
  await closed
  clearInterval(sweep)
  clearTimeout(cut)
}

/**
 * Checks, before a slow start, whether the app will be able to listen, and returns the port (a free one for 0). Throws
 * `CannotListen`, also when the URL that is printed would reach another app: `localhost` has two addresses, of which
 * browsers try `::1` first.
 */
export async function findPort(place: Place & { BASE_URL: string }): Promise<number> {
  const probe = createServer((socket) => socket.destroy())
  const { port, address } = await listen(probe, place)
  try {
    const { hostname, port: reached } = new URL(place.BASE_URL)
    const ways = hostname === 'localhost' && Number(reached || 80) === place.PORT ? ['127.0.0.1', '::1'] : []
    for (const way of ways) {
      if (covers(address, way) || !(await answers(way, port))) continue
      throw new CannotListen(
        `PORT: another app answers at ${urlOf(way, port)}, where ${place.BASE_URL} leads too; set another PORT, or end that app`,
      )
    }
    return port
  } finally {
    probe.close()
  }
}

/** An address with its port, as in a URL. */
export function authorityOf({ address, port }: Pick<AddressInfo, 'address' | 'port'>): string {
  return `${address.includes(':') ? `[${address}]` : address}:${port}`
}

function urlOf(address: string, port: number): string {
  return `http://${authorityOf({ address, port })}`
}

function covers(bound: string, way: string): boolean {
  return bound === way || bound === '::' || (bound === '0.0.0.0' && way === '127.0.0.1')
}

/** Long for a connection on this machine, short for somebody who waits. */
const patienceMs = 500

async function answers(address: string, port: number): Promise<boolean> {
  const socket = connect({ port, host: address, signal: AbortSignal.timeout(patienceMs) })
  try {
    await once(socket, 'connect')
    return true
  } catch {
    // Refused, no such address, or silent: nothing listens there.
    return false
  } finally {
    socket.destroy()
  }
}

function whyNot(error: unknown, { PORT, HOST }: Place): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  switch (code) {
    case 'EADDRINUSE':
      return `PORT: another app listens on ${authorityOf({ address: HOST, port: PORT })} already (${code}); set another PORT, or end that app`
    case 'EACCES':
      return `PORT: this user may not listen on port ${PORT} (${code}); set one above 1023`
    case 'EADDRNOTAVAIL':
    case 'EAFNOSUPPORT':
    case 'EINVAL':
      return `HOST: ${HOST} is not an address of this machine (${code})`
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `HOST: the name ${HOST} does not resolve (${code})`
    default:
      return `HOST: cannot listen on ${authorityOf({ address: HOST, port: PORT })} (${String(code ?? error)})`
  }
}
