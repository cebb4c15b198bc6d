import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '#server/database/ports.ts'
import { connectionsAllowed } from '#server/lab/testbed/child.ts'
import { nginxPath } from '#server/lab/verify/start-nginx.ts'
import type { BenchRun } from './run.ts'
import { type Server, startServer } from './servers.ts'

type StartArm = () => Promise<Server>

const nchanPath = ['/usr/lib/nginx/modules', '/usr/local/lib/nginx/modules', '/usr/local/nginx/modules']
  .map((folder) => `${folder}/ngx_nchan_module.so`)
  .find((path) => existsSync(path))

/**
 * Servers that are not of Node, as far as this machine has them: C on epoll, and nginx, with nchan where streams and held
 * requests are wanted. The run says which are left out.
 */
export function nativeArms({ add }: BenchRun, wants: 'polls' | 'streams'): Record<string, StartArm> {
  const arms: Record<string, StartArm> = {}
  const epoll = compiledEpoll()
  if (epoll) arms['C, epoll'] = () => startEpoll(epoll)
  else add('Left out: C on epoll; there is no gcc on this machine.')
  if (wants === 'polls' ? nginxPath : nginxPath && nchanPath) {
    arms[wants === 'polls' ? 'nginx' : 'nchan'] = startNginx
  } else
    add(
      `Left out: ${wants === 'polls' ? 'nginx' : 'nchan'}; it is not on this machine (Debian: nginx, libnginx-mod-nchan).`,
    )
  return arms
}

/** The program, compiled once for each version of its source; undefined without a compiler. */
function compiledEpoll(): string | undefined {
  const source = `${import.meta.dirname}/arms/epoll.c`
  const version = createHash('sha256').update(readFileSync(source)).digest('hex').slice(0, 12)
  const folder = join(homedir(), '.cache/wireside')
  const program = join(folder, `bench-epoll-${version}`)
  if (existsSync(program)) return program
  mkdirSync(folder, { recursive: true })
  try {
    execFileSync('gcc', ['-O2', '-o', program, source], { stdio: ['ignore', 'ignore', 'pipe'] })
    return program
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

async function startEpoll(command: string): Promise<Server> {
  const port = await freePort()
  return startServer({ port, command, args: [], env: { PORT: String(port) } })
}

const body = JSON.stringify({ id: 'L-0000000000', status: 'under-review', cursor: 'k7x2ab.4' })

/** One process: a file with an ETag for every poll and, with nchan, a channel to follow, to wait for and to post to. */
async function startNginx(): Promise<Server> {
  const dir = await mkdtemp(join(tmpdir(), 'wireside-nginx-'))
  const port = await freePort()
  await writeFile(join(dir, 'loan.json'), body)
  await writeFile(join(dir, 'nginx.conf'), configuration(dir, port))
  const args = ['-p', dir, '-c', join(dir, 'nginx.conf'), '-e', 'stderr']
  const server = await startServer({ port, command: nginxPath ?? 'nginx', args })
  return {
    ...server,
    async stop() {
      await server.stop()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

function configuration(dir: string, port: number): string {
  const files = Math.min(connectionsAllowed(), 60_000) + 200
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${dir}/${kind};`,
  )
  const channel = `
    location = /stream { nchan_subscriber eventsource; nchan_channel_id bench; nchan_subscriber_first_message newest; }
    location = /held { nchan_subscriber longpoll; nchan_channel_id bench; nchan_subscriber_first_message newest; }
    location ~ ^/(broadcast|release)$ { nchan_publisher; nchan_channel_id bench; nchan_message_buffer_length 1; }`
  return `
    ${nchanPath ? `load_module ${nchanPath};` : ''}
    daemon off;
    master_process off;
    pid ${dir}/nginx.pid;
    worker_rlimit_nofile ${files};
    events { worker_connections ${files}; }
    http {
      ${temporary.join('\n      ')}
      access_log off;
      default_type application/json;
      keepalive_requests 1000000000;
      open_file_cache max=10;
      ${nchanPath ? 'nchan_shared_memory_size 256m;' : ''}
      server {
        listen 127.0.0.1:${port} backlog=4096;
        root ${dir};
        location / { try_files /loan.json =404; add_header Cache-Control "private, no-cache"; }
        location = /healthz { return 200 ok; }
        ${nchanPath ? channel : ''}
      }
    }`
}
