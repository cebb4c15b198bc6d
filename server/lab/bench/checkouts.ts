import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'

export const repository = resolve(import.meta.dirname, '../../..')

/**
 * Where the arms of Wireside itself are started from, by the name of the arm: this checkout, and the other one that a
 * bench was told to run `--against`.
 */
export function checkouts(against: string | undefined): Record<string, string> {
  const here = { wireside: repository }
  if (against === undefined) return here
  const other = resolve(against)
  if (!existsSync(`${other}/server/main.ts`))
    throw new Error(`"${against}" is no checkout of this repository`)
  return { ...here, [`wireside at ${commitOf(other)}`]: other }
}

/** Its commit, and whether the server has been changed since; of a copy without a history, that it has none. */
export function commitOf(checkout = repository): string {
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', checkout, ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
  try {
    const isChanged = git('status', '--porcelain', '--untracked-files=no', '--', 'server', 'prisma') !== ''
    return git('rev-parse', '--short', 'HEAD') + (isChanged ? ', changed' : '')
  } catch {
    return 'without a history'
  }
}

/** The flags of V8 that `npm start` gives Node. */
export function startFlagsOf(checkout = repository): string[] {
  const { scripts } = JSON.parse(readFileSync(`${checkout}/package.json`, 'utf8'))
  return scripts.start.match(/--max-[a-z-]+=\d+/g)
}
