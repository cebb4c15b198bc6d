import { spawn } from 'node:child_process'

const script = `
  read -r released && exit
  pid=$(head -n 1 "$1/postmaster.pid") && kill -QUIT "$pid" && sleep 1
  rm -rf "$2"`

/**
 * Sees to it that the Postgres on `dataDir` and the folder `dir` end with this process, even after a kill -9: a shell
 * waits at the far end of a pipe, which the kernel closes for us.
 */
export function leash(dataDir: string, dir: string): { release(): void } {
  const shell = spawn('/bin/sh', ['-c', script, 'leash', dataDir, dir], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  shell.unref()
  if ('unref' in shell.stdin && typeof shell.stdin.unref === 'function') shell.stdin.unref()
  return { release: () => shell.stdin.end('released\n') }
}
