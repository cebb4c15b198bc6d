import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type Haproxy, startHaproxy } from '#server/engines/haproxy.ts'

/** Accepts connections for all nodes, and passes them to those that are ready. */
export type Balancer = Haproxy & {
  /** Sets the loopback port of the server with this name; undefined takes it out of rotation. */
  route(backend: Backend, server: string, port: number | undefined): Promise<void>
}

type Backend = 'gateways' | 'webs'

/** Changes to our configuration for an experiment. */
export type Tuning = {
  /** Appended to each server line, such as `source 127.0.0.1:41000-41031`. */
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
  /** PEM file with key and certificate: enables TLS and HTTP/2. */
  pemFile?: string | undefined
  /** The initial servers, by name, with their ports. */
  servers: Readonly<Record<Backend, ReadonlyMap<string, number>>>
  tuning?: Tuning | undefined
}

const policy = resolve(import.meta.dirname, 'haproxy.cfg')
const backends: readonly Backend[] = ['gateways', 'webs']
/** A running HAProxy accepts changes only to servers in its configuration, and names are never reused. */
const slots = 256

/**
 * Starts HAProxy with `haproxy.cfg` and a generated file of servers. Later routes are applied to the running process,
 * which keeps its connections, and written to the file for its next start.
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
      // The node's name: gateway-1.
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
