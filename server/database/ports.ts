import { once } from 'node:events'
import { connect, createServer } from 'node:net'

export const loopback = '127.0.0.1'

/** A port on which nothing listens at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, loopback)
  await new Promise((resolve, reject) => server.once('listening', resolve).once('error', reject))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('No free port')
  return address.port
}

/** Whether something accepts connections on this loopback port. */
export async function isTaken(port: number): Promise<boolean> {
  const socket = connect(port, loopback)
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
