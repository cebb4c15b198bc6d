import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { programFolders } from '#server/env.ts'

/** Where servers are installed, which is not always on the PATH of a user. */
const usual = [
  ...['/usr/sbin', '/usr/bin', '/usr/local/sbin', '/usr/local/bin'],
  ...['/opt/homebrew/sbin', '/opt/homebrew/bin'],
]

/** The program of this name on this machine; undefined when there is none. */
export function programPath(name: string): string | undefined {
  return [...programFolders, ...usual].map((folder) => join(folder, name)).find((path) => existsSync(path))
}
