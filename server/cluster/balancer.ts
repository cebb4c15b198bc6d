import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type Haproxy, startHaproxy } from '#server/engines/haproxy.ts'

/** Takes connections for all nodes, and gives them to those that are ready. */
export type Balancer = Haproxy & {
  /** From now on the server of this name is at that port of loopback; undefined: it takes nothing. */
  route(backend: Backend, server: string, port: number | undefined): Promise<void>
}

type Backend = 'gateways' | 'webs'

/** What an experiment changes of our configuration. */
export type Tuning = {
  /** Added to each server, such as `source 127.0.0.1:41000-41031`. */
  serverOptions?: string
  /** Lines added to each backend. */
  backendLines?: readonly string[]
  /** Variables of `haproxy.cfg`, such as TUNNEL_TIMEOUT. */
  env?: Record<string, string>
}

type Options = {
  host: string
  port: number
  baseUrl: string
  /** With key and certificate: it speaks TLS and HTTP/2. */
  pemFile?: string | undefined
  /** Those that there are at the start, by name, with their ports. */
  servers: Readonly<Record<Backend, ReadonlyMap<string, number>>>
  tuning?: Tuning | undefined
}

const policy = resolve(import.meta.dirname, 'haproxy.cfg')
const backends: readonly Backend[] = ['gateways', 'webs']
/** A running HAProxy can be told only of servers that its configuration has, and a name is given once. */
const slots = 256

/**
 * Starts HAProxy with `haproxy.cfg` and a file of servers, which is kept true: what is routed later is told to the
 * running process, whose connections stay, and stands in the file when it starts again.
 */
export async function startBalancer(options: Options): Promise<Balancer> {
  const { host, port, baseUrl, pemFile, servers, tuning = {} } = options
  const ports = { gateways: new Map(servers.gateways), webs: new Map(servers.webs) }
  let file = ''
  const write = () => writeFile(file, serversFile(ports, tuning))
  const haproxy = await startHaproxy({
    port,
    async files(folder) {
      file = join(folder, 'servers.cfg')
      await write()
      return [policy, file]
    },
    env: {
      LISTEN: `${host}:${port}`,
      BASE_URL: baseUrl,
      ...(pemFile !== undefined && { CERTIFICATE: pemFile }),
      ...tuning.env,
    },
  })
  return {
    ...haproxy,
    async route(backend, server, to) {
      if (to === undefined) ports[backend].delete(server)
      else ports[backend].set(server, to)
      await write()
      if (haproxy.pid() === undefined) return
      for (const each of [`${backend}/${server}`, `${backend}-unready/${server}`]) {
        if (to !== undefined) await haproxy.command(`set server ${each} addr 127.0.0.1 port ${to}`)
        await haproxy.command(`set server ${each} state ${to === undefined ? 'maint' : 'ready'}`)
      }
    },
  }
}

function serversFile(ports: Options['servers'], tuning: Tuning): string {
  const sections = backends.flatMap((backend) => {
    const servers = Array.from({ length: slots }, (_, slot) => {
      // As the node is named: gateway-1.
      const name = `${backend.slice(0, -1)}-${slot + 1}`
      const to = ports[backend].get(name)
      const at = to === undefined ? '127.0.0.1:1 disabled' : `127.0.0.1:${to}`
      return ['server', name, at, tuning.serverOptions].filter(Boolean).join(' ')
    })
    return (['ready', 'unready'] as const).map((defaults) =>
      [
        `backend ${backend}${defaults === 'ready' ? '' : '-unready'} from ${defaults}`,
        ...[...(tuning.backendLines ?? []), ...servers].map((line) => `  ${line}`),
      ].join('\n'),
    )
  })
  return `${sections.join('\n\n')}\n`
}
