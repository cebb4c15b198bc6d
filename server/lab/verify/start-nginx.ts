import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { isTaken } from '#server/database/ports.ts'

const places = ['/usr/sbin/nginx', '/usr/local/sbin/nginx', '/usr/local/bin/nginx', '/opt/homebrew/bin/nginx']
const lookEveryMs = 20

/** The nginx of this machine; undefined when there is none. */
export const nginxPath = places.find((path) => existsSync(path))

type Nginx = { dir: string; close(): Promise<void> }

/**
 * Runs nginx on loopback without privileges, with its own folder, and `http` as the directives of its `http` block;
 * resolves when it listens on `port`. Throws its output if it exits before that.
 */
export async function startNginx(port: number, http: (dir: string) => string): Promise<Nginx> {
  if (!nginxPath) throw new Error('There is no nginx on this machine')
  const dir = await mkdtemp(join(tmpdir(), 'wireside-nginx-'))
  const file = join(dir, 'nginx.conf')
  await writeFile(file, configuration(dir, http(dir)))
  const child = spawn(nginxPath, ['-p', dir, '-c', file, '-e', 'stderr'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (chunk) => {
    said += chunk
  })
  const ended = once(child, 'exit')
  while (!(await isTaken(port))) {
    if (child.exitCode !== null) throw new Error(`nginx ended with ${child.exitCode}:\n${said}`)
    await pause(lookEveryMs)
  }
  return {
    dir,
    async close() {
      child.kill('SIGTERM')
      await ended
      await rm(dir, { recursive: true, force: true })
    },
  }
}

function configuration(dir: string, http: string): string {
  const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${dir}/${kind};`,
  )
  // One foreground process: nothing is left when it is killed, and no other user is needed.
  return `
    daemon off;
    master_process off;
    pid ${dir}/nginx.pid;
    events { worker_connections 4096; }
    http {
      ${folders.join('\n      ')}
      ${http}
    }`
}
