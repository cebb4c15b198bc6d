import { connect, createServer, type Socket } from 'node:net'

/** A line to cut between a client and a server on this machine. */
export type TcpProxy = {
  port: number
  /** Live connections. */
  open(): number
  /** Resets every connection, as a broken line would. New ones are still taken. */
  cut(): void
  /** From now on new connections are reset at once, until `accept()`. */
  refuse(): void
  accept(): void
  /** Carries nothing in either direction, and closes nothing: a dead line that neither end notices. */
  pause(): void
  /** Carries what clients say, and holds back what they are answered. */
  holdAnswers(): void
  /** Carries everything again. */
  resume(): void
  close(): Promise<void>
}

/** In which directions a line carries. */
type Flow = { there: boolean; back: boolean }

/** Listens on a free loopback port and forwards each connection to `target`. */
export async function tcpProxy(target: { port: number; host?: string }): Promise<TcpProxy> {
  const lines = new Set<Line>()
  let refusing = false
  let flow: Flow = { there: true, back: true }

  function carry(next: Flow) {
    flow = next
    for (const line of lines) line.carry(flow)
  }

  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (near) => {
    if (refusing) return void near.resetAndDestroy()
    const line = createLine(
      near,
      connect({ ...target, host: target.host ?? '127.0.0.1', allowHalfOpen: true }),
    )
    lines.add(line)
    near.once('close', () => lines.delete(line))
    line.carry(flow)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port')

  const cut = () => {
    for (const line of lines) line.cut()
    lines.clear()
  }
  return {
    port: address.port,
    open: () => lines.size,
    cut,
    refuse() {
      refusing = true
    },
    accept() {
      refusing = false
    },
    pause: () => carry({ there: false, back: false }),
    holdAnswers: () => carry({ there: true, back: false }),
    resume: () => carry({ there: true, back: true }),
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      cut()
      await closed
    },
  }
}

type Line = ReturnType<typeof createLine>

function createLine(near: Socket, far: Socket) {
  let flow: Flow = { there: false, back: false }
  const carries = (from: Socket) => (from === near ? flow.there : flow.back)
  const cut = () => {
    for (const socket of [near, far]) if (!socket.destroyed) socket.resetAndDestroy()
  }
  for (const [from, to] of [
    [near, far],
    [far, near],
  ] as const) {
    // Not `pipe`: it resumes its source by itself whenever the destination drains, and a paused line must stay dead.
    from.pause()
    from.on('data', (chunk) => {
      if (!to.write(chunk)) from.pause()
    })
    to.on('drain', () => {
      if (carries(from)) from.resume()
    })
    from.once('end', () => to.end())
    from.once('error', cut)
    from.once('close', () => {
      if (!from.readableEnded) cut()
    })
  }
  return {
    cut,
    carry(next: Flow) {
      flow = next
      for (const from of [near, far]) {
        if (carries(from)) from.resume()
        else from.pause()
      }
    },
  }
}
