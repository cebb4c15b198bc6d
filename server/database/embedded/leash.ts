import { spawn } from 'node:child_process'

/**
 * Makes sure that `script`, for `/bin/sh` with `args` as `$1`, `$2` …, runs when this process ends, even after a kill
 * -9: a shell waits at the other end of a pipe, which the kernel closes. After `release` it does nothing.
 */
export function leash(script: string, ...args: string[]): { release(): void } {
  const shell = spawn('/bin/sh', ['-c', `read -r released && exit\n${script}`, 'leash', ...args], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  shell.unref()
  if ('unref' in shell.stdin && typeof shell.stdin.unref === 'function') shell.stdin.unref()
  return { release: () => shell.stdin.end('released\n') }
}
