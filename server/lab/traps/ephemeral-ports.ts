import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { platform } from 'node:os'
import type { TrapArm } from '#server/protocol/lab-report.ts'
import { serve, type Trap } from './trap.ts'

const requests = 300

/** The same requests over a connection each, and over one that is reused. */
export const trap: Trap = {
  async run(signal) {
    return {
      trap: 'ephemeral-ports',
      failing: await armOf('One connection per request', new Agent({ keepAlive: false }), signal),
      working: await armOf('One connection, reused', new Agent({ keepAlive: true, maxSockets: 1 }), signal),
    }
  },
}

async function armOf(title: string, agent: Agent, signal: AbortSignal): Promise<TrapArm> {
  const ports = new Set<number>()
  await using served = await serve((incoming, response) => {
    if (incoming.socket.remotePort) ports.add(incoming.socket.remotePort)
    response.end('nothing new')
  })
  for (let n = 0; n < requests; n += 1) {
    const asked = request({ port: served.port, host: '127.0.0.1', agent, signal }).end()
    const [answer] = await once(asked, 'response')
    await once(answer.resume(), 'end')
  }
  agent.destroy()
  const waiting = await inTimeWait(served.port)
  const range = await localRange()
  return {
    title,
    fell: ports.size > requests / 2,
    seen: [
      `${requests} requests took ${ports.size} local ${ports.size === 1 ? 'port' : 'ports'}.`,
      ...(waiting === undefined
        ? []
        : [
            `${waiting} ${waiting === 1 ? 'connection is' : 'connections are'} in TIME_WAIT now, each for about a minute.`,
          ]),
      ...(range && ports.size > 1
        ? [
            `There are ${range.toLocaleString('en')} ports per remote address: at ${perSecond(range)} such requests a second they run out.`,
          ]
        : []),
    ],
  }
}

/** Linux keeps a closed connection in TIME_WAIT for 60 s. */
const perSecond = (range: number) => Math.floor(range / 60).toLocaleString('en')

/** How many connections of `port` are in TIME_WAIT; undefined where the system does not tell. */
async function inTimeWait(port: number): Promise<number | undefined> {
  if (platform() !== 'linux') return undefined
  const hex = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  const lines = (await readFile('/proc/net/tcp', 'latin1')).split('\n')
  return lines
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local, remote, state]) => state === '06' && (local?.endsWith(hex) || remote?.endsWith(hex)))
    .length
}

async function localRange(): Promise<number | undefined> {
  if (platform() !== 'linux') return undefined
  const [from = 0, to = 0] = (await readFile('/proc/sys/net/ipv4/ip_local_port_range', 'latin1'))
    .split(/\s+/)
    .map(Number)
  return to - from + 1
}
