import type { ChildProcess } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { leash } from '#server/database/embedded/leash.ts'

/** A temporary folder of programs. When this process ends, even by a kill -9, they are killed and the folder is removed. */
export type RunFolder = {
  path: string
  /** Lets this child be one of them. */
  adopt(child: ChildProcess): void
  /** Once they have ended. */
  remove(): Promise<void>
}

export async function openRunFolder(name: string): Promise<RunFolder> {
  const path = await realpath(await mkdtemp(join(tmpdir(), `wireside-${name}-`)))
  const pids = join(path, 'pids')
  mkdirSync(pids)
  const held = leash(end, path)
  return {
    path,
    adopt(child) {
      const file = join(pids, `${child.pid}`)
      writeFileSync(file, '')
      child.once('exit', () => rmSync(file, { force: true }))
    },
    async remove() {
      await rm(path, { recursive: true, force: true })
      held.release()
    },
  }
}

const end = `
  for pid in $(ls "$1/pids"); do kill -KILL "$pid"; done
  sleep 1
  rm -rf "$1"`
