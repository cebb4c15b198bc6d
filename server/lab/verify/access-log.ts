import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { freePort } from '#server/database/embedded/launch.ts'
import { type DeliveryName, deliveryNames } from '#server/protocol/lab.ts'

const places = ['/usr/sbin/nginx', '/usr/local/sbin/nginx', '/usr/local/bin/nginx', '/opt/homebrew/bin/nginx']
const nginxPath = places.find((path) => existsSync(path))

/** An nginx before the lanes, for its access log. */
export type LoggingProxy = {
  ports: Record<DeliveryName, number>
  /** Requests that it has logged so far, one line each, by lane. A stream is logged when it has ended. */
  logged(): Promise<Record<DeliveryName, number>>
  close(): Promise<void>
}

/** Runs nginx on loopback and without rights, a port for each of the lanes' own. */
export async function loggingProxy(targets: Record<DeliveryName, number>): Promise<LoggingProxy> {
  if (!nginxPath) throw new Error('There is no nginx on this machine')
  const dir = await mkdtemp(join(tmpdir(), 'wireside-access-'))
  const ports = {
    short: await freePort(),
    long: await freePort(),
    sse: await freePort(),
    socket: await freePort(),
  }
  const logOf = (lane: DeliveryName) => join(dir, `${lane}.log`)
  const servers = deliveryNames.map(
    (lane) => `
      server {
        listen 127.0.0.1:${ports[lane]} backlog=4096;
        access_log ${logOf(lane)} plain;
        location / {
          proxy_pass http://127.0.0.1:${targets[lane]};
          proxy_http_version 1.1;
          proxy_set_header Host $http_host;
          proxy_set_header Upgrade $http_upgrade;
          proxy_set_header Connection $connection_upgrade;
          proxy_read_timeout 120s;
        }
      }`,
  )
  const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${dir}/${kind};`,
  )
  await writeFile(
    join(dir, 'nginx.conf'),
    `daemon off; master_process off; pid ${dir}/nginx.pid;
    events { worker_connections 4096; }
    http {
      log_format plain '$request $status';
      keepalive_requests 1000000;
      map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
      ${folders.join('\n      ')}
      ${servers.join('\n')}
    }`,
  )
  const child = spawn(nginxPath, ['-p', dir, '-c', join(dir, 'nginx.conf'), '-e', 'stderr'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const ended = once(child, 'exit')
  while (!(await listens(ports.socket))) {
    if (child.exitCode !== null) throw new Error(`nginx ended with ${child.exitCode}`)
    await pause(20)
  }
  return {
    ports,
    async logged() {
      const counts = deliveryNames.map(async (lane) => {
        const text = await readFile(logOf(lane), 'utf8')
        return [lane, text.split('\n').filter((line) => line.startsWith('GET ')).length] as const
      })
      return Object.fromEntries(await Promise.all(counts)) as Record<DeliveryName, number>
    },
    async close() {
      child.kill('SIGTERM')
      await ended
      await rm(dir, { recursive: true, force: true })
    },
  }
}

function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
  }).then((open) => {
    socket.destroy()
    return open === true
  })
}
