import { resolve } from 'node:path'
import { createProgram, type Program } from '#server/engines/program.ts'
import type { RunFolder } from '#server/engines/run-folder.ts'
import { keepRunning } from './keep-running.ts'

/** One process of the app. */
export type ClusterNode = Pick<Program, 'name' | 'pid' | 'logFile' | 'kill' | 'freeze' | 'thaw'> & {
  /** In the format of ROLES. */
  roles: string
  port: number
  state(): NodeState
  /** Drains it and restarts it on its port. */
  restart(): Promise<void>
  /** Starts a node that was killed and is not restarted automatically. */
  start(): Promise<void>
}

/** `down`: it exited or was killed; it is restarted where nodes are kept running. */
export type NodeState = 'starting' | 'ready' | 'draining' | 'down' | 'ended'

type Options = {
  name: string
  roles: string
  port: number
  folder: RunFolder
  logFile?: string
  settings: Record<string, string>
  /** Maximum duration of a drain, in ms, after which the process is killed. */
  drainsWithinMs: number
  keptRunning: boolean
  onChange(node: ClusterNode): void
}

const repository = resolve(import.meta.dirname, '../..')

/** Drain it only through the cluster, because the balancer has to know. */
export type DrainableNode = ClusterNode & { drain(): Promise<void> }

/** Describes a node; `start` runs it for the first time. It never builds pages. */
export function createNode(options: Options): DrainableNode {
  const { name, roles, port, folder, settings, drainsWithinMs, keptRunning, onChange } = options
  let state: NodeState = 'starting'
  const become = (next: NodeState) => {
    state = next
    onChange(node)
  }
  const program = createProgram(folder, {
    name,
    command: process.execPath,
    args: ['--max-semi-space-size=4', 'server/main.ts'],
    cwd: repository,
    ...(options.logFile !== undefined && { logFile: options.logFile }),
    env: {
      ...settings,
      ...{ ROLES: roles, PORT: `${port}`, BUILD_PAGES: 'off' },
    },
    isReady: () => isReady(port),
  })
  const keeper = keptRunning
    ? keepRunning(program, () => become(program.pid() === undefined ? 'down' : 'ready'))
    : undefined
  program.onExit(() => {
    if (!keeper && state !== 'draining') become('down')
  })

  async function start() {
    become('starting')
    await program.start()
    keeper?.keep()
    become('ready')
  }

  async function stop() {
    keeper?.release()
    become('draining')
    await program.stop(drainsWithinMs)
  }

  const node: DrainableNode = {
    ...{ name, roles, port, start },
    ...{ pid: program.pid, logFile: program.logFile, kill: program.kill },
    ...{ freeze: program.freeze, thaw: program.thaw },
    state: () => state,
    async restart() {
      await stop()
      await start()
    },
    async drain() {
      await stop()
      become('ended')
    },
  }
  return node
}

const answersWithinMs = 1_000

async function isReady(port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/readyz`, {
      signal: AbortSignal.timeout(answersWithinMs),
    })
    await response.bytes()
    return response.ok
  } catch {
    // Nothing listens yet, or nothing responds.
    return false
  }
}
