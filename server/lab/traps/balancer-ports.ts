import { readFile, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { platform } from 'node:os'
import { join } from 'node:path'
import { freePort } from '#server/database/ports.ts'
import { haproxyPath, startHaproxy } from '#server/engines/haproxy.ts'
import type { TrapArm } from '#server/protocol/lab-report.ts'
import { serve, type Trap } from './trap.ts'

const streams = 40
const ports = '41000-41031'

/** A balancer with 32 source ports towards its server, and as many streams as a few browsers open. */
export const trap: Trap = {
  missing:
    haproxyPath && platform() === 'linux'
      ? undefined
      : 'It needs HAProxy, and the loopback addresses of Linux',
  async run() {
    return {
      trap: 'balancer-ports',
      failing: await armOf('One source address', [`source 127.0.0.71:${ports}`]),
      working: await armOf('Two source addresses', [
        `source 127.0.0.71:${ports}`,
        `source 127.0.0.72:${ports}`,
      ]),
    }
  },
}

/** An arm with these server lines, which all lead to the same server. */
async function armOf(title: string, sources: readonly string[]): Promise<TrapArm> {
  await using opened = new AsyncDisposableStack()
  const server = opened.use(
    await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write('data: hello\n\n')
    }),
  )
  const port = await freePort()
  const haproxy = await startHaproxy({
    port,
    async files(folder) {
      const file = join(folder, 'haproxy.cfg')
      await writeFile(file, configOf(port, server.port, sources))
      return [file]
    },
  })
  opened.defer(haproxy.destroy)
  const statuses = await Promise.all(Array.from({ length: streams }, () => openStream(port, opened)))
  const open = statuses.filter((status) => status === 200).length
  const refused = statuses.find((status) => status !== 200)
  const said = sentenceAt('Cannot bind', await readFile(haproxy.logFile, 'utf8'))
  return {
    title,
    fell: open < streams,
    seen: [
      `The balancer had 32 ports on each of ${sources.length === 1 ? 'one address' : `${sources.length} addresses`}; ${open} of ${streams} event streams opened.`,
      refused === undefined
        ? 'None were refused: every address has ports of its own, and so has every port of a server.'
        : `The others got a ${refused}, while the server had room: it never saw them.`,
      ...(said ? [`HAProxy’s log: “${said}”`] : []),
    ],
  }
}

function configOf(port: number, serverPort: number, sources: readonly string[]): string {
  return `
global
  log stdout format raw daemon
defaults
  mode http
  log global
  timeout connect 2s
  timeout client 30s
  timeout server 30s
  retries 0
frontend entrance
  bind 127.0.0.1:${port}
  default_backend nodes
backend nodes
  balance leastconn
${sources.map((source, nth) => `  server node-${nth + 1} 127.0.0.1:${serverPort} ${source}`).join('\n')}
`
}

/** Its status; the stream stays open until the arm is over. */
function openStream(port: number, opened: AsyncDisposableStack): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request({ port, host: '127.0.0.1', agent: false }, (response) => {
      response.on('error', () => undefined)
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    asked.once('error', reject)
    opened.defer(() => void asked.destroy())
    asked.end()
  })
}

/** The first sentence of a log that begins with `start`, on one line; undefined when there is none. */
function sentenceAt(start: string, log: string): string | undefined {
  const at = log.indexOf(start)
  if (at < 0) return undefined
  const [line = ''] = log.slice(at).split('\n', 1)
  const [sentence = ''] = line.split('.', 1)
  return `${sentence}.`
}
