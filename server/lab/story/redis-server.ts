import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'

const places = ['/usr/bin', '/usr/local/bin', '/opt/homebrew/bin'].map((folder) => `${folder}/redis-server`)

/** The redis-server of this machine; undefined when there is none. */
export const redisPath = places.find((path) => existsSync(path))

/** Runs it on loopback, keeping nothing, until this process ends. Throws when it ends before it is ready. */
export async function startRedisServer(path: string, port: string): Promise<void> {
  const options = [
    '--port',
    port,
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
    '--daemonize',
    'no',
  ]
  const child = spawn(path, options, { stdio: ['ignore', 'pipe', 'ignore'], cwd: '/' })
  process.once('exit', () => child.kill('SIGKILL'))
  let said = ''
  const ready = new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      if (said.length < 20_000) said += chunk
      if (said.includes('Ready to accept connections')) resolve()
    })
  })
  const ended = once(child, 'exit').then(() => {
    throw new Error(`redis-server ended: ${said}`)
  })
  // Once it is ready, its end is an error of whoever asks it.
  ended.catch(() => undefined)
  await Promise.race([ready, ended])
}
