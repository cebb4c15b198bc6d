import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export type SilentLine = AsyncDisposable & {
  port: number
  /** What is open carries nothing from now on and is not closed, as after a lost NAT entry; new ones are well. */
  goDark(): void
}

/** A line to `port` of this machine. */
export async function silentLine(port: number): Promise<SilentLine> {
  const joined = new Set<[near: Socket, far: Socket]>()
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1')
    const pair: [Socket, Socket] = [near, far]
    joined.add(pair)
    near.pipe(far).pipe(near)
    for (const socket of pair) socket.on('error', () => socket.destroy())
    near.once('close', () => {
      far.destroy()
      joined.delete(pair)
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    goDark() {
      for (const [near, far] of joined) {
        near.unpipe(far)
        far.unpipe(near)
        // What still comes is thrown away, so that the server thinks that it is read.
        near.resume()
        far.resume()
      }
    },
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close')
      server.close()
      for (const [near] of joined) near.destroy()
      await closed
    },
  }
}
