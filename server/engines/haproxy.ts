import { connect } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { isTaken } from '#server/database/ports.ts'
import { createProgram, type Engine, engineIn } from './program.ts'
import { programPath } from './program-path.ts'
import { openRunFolder } from './run-folder.ts'

/** The HAProxy of this machine; undefined when there is none. */
export const haproxyPath = programPath('haproxy')

export type Haproxy = Engine & {
  port: number
  /** Sends a command of the runtime API and gives the answer, such as the CSV of `show stat`. */
  command(line: string): Promise<string>
}

type Options = {
  /** One of those that the configuration binds, on loopback. */
  port: number
  /** Configuration files, read in this order; given the folder, which is HAProxy's own. */
  files(folder: string): Promise<readonly string[]>
  /** What the configuration finds in its environment, besides HAPROXY_SOCKET: where its runtime API is to listen. */
  env?: Record<string, string>
}

/** Starts HAProxy with these files and resolves when it listens. Throws `DidNotStart` with what is wrong in a file. */
export async function startHaproxy({ port, files, env = {} }: Options): Promise<Haproxy> {
  if (!haproxyPath) throw new Error('There is no haproxy on this machine')
  const folder = await openRunFolder('haproxy')
  const socket = join(folder.path, 'haproxy.sock')
  const given = await files(folder.path)
  const program = createProgram(folder, {
    name: 'haproxy',
    command: haproxyPath,
    args: ['-db', ...given.flatMap((file) => ['-f', file])],
    env: { ...env, HAPROXY_SOCKET: socket },
    isReady: () => isTaken(port),
  })
  await program.start()
  return {
    ...engineIn(folder, program),
    port,
    command: (line) => text(connect(socket).end(`${line}\n`)),
  }
}
