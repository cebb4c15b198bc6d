import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { eventually } from './eventually.ts'
import { freePort } from './free-port.ts'

const places = ['/usr/sbin/nginx', '/usr/local/sbin/nginx', '/usr/local/bin/nginx', '/opt/homebrew/bin/nginx']

/** The nginx of this machine; undefined when there is none. */
export const nginxPath = places.find((path) => existsSync(path))

/** Directives of nginx for the way to the app, such as `proxy_buffering on;`. */
export type Directives = { server?: string; upstream?: string }

/** Runs nginx in front of `port` until the test is over, on loopback and without rights; gives the port it listens on. */
export async function nginx(
  t: Pick<TestContext, 'after'>,
  port: number,
  directives: Directives,
): Promise<number> {
  if (!nginxPath) throw new Error('There is no nginx on this machine')
  const dir = await mkdtemp(join(tmpdir(), 'wireside-nginx-'))
  const listens = await freePort()
  await writeFile(join(dir, 'nginx.conf'), configuration(dir, listens, port, directives))
  const child = spawn(nginxPath, ['-p', dir, '-c', join(dir, 'nginx.conf'), '-e', 'stderr'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (chunk) => {
    said += chunk
  })
  const ended = once(child, 'exit')
  t.after(async () => {
    child.kill('SIGTERM')
    await ended
    await rm(dir, { recursive: true, force: true })
  })
  await eventually(async () => {
    if (child.exitCode !== null) throw new Error(`nginx ended with ${child.exitCode}:\n${said}`)
    return isTaken(listens)
  })
  return listens
}

function configuration(
  dir: string,
  listens: number,
  port: number,
  { server = '', upstream = '' }: Directives,
) {
  const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${dir}/${kind};`,
  )
  // One process that stays in the foreground: nothing is left when it is killed, and no other user is needed.
  return `
    daemon off;
    master_process off;
    pid ${dir}/nginx.pid;
    events { worker_connections 256; }
    http {
      access_log off;
      ${folders.join('\n      ')}
      upstream app { server 127.0.0.1:${port}; ${upstream} }
      server {
        listen 127.0.0.1:${listens};
        ${server}
        location / {
          proxy_pass http://app;
          proxy_set_header Host $http_host;
        }
      }
    }`
}

async function isTaken(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
