import { join } from 'node:path'
import type { RunFolder } from '#server/engines/run-folder.ts'
import { type ClusterNode, createNode, type DrainableNode } from './cluster-node.ts'
import { nodePort } from './node-port.ts'

/** The kinds of node that serve clients. Without a balancer, a node of either kind has both roles. */
export type NodeKind = 'gateway' | 'web'

type Options = {
  /** Where the entrance listens: the balancer or, without one, the first node. */
  host: string
  port: number
  entrance: string
  isBalanced: boolean
  folder: RunFolder
  logDir: string
  keptRunning: boolean
  settings: Record<string, string>
  onChange(node: ClusterNode): void
}

/** The balancer needs 2 s to see two failed checks. */
const drainDelayMs = 3_000
/** DRAIN_MS plus time to close. */
const closesWithinMs = 15_000

/** Creates the nodes of a cluster with their ports, names and settings, and drains them. */
export function createMembers(options: Options) {
  const { host, port, entrance, isBalanced, folder, logDir, keptRunning, settings, onChange } = options
  const members: DrainableNode[] = []
  const made = new Map<string, number>()

  function create(name: string, roles: string, at: number): DrainableNode {
    const delayMs = isBalanced ? drainDelayMs : 0
    const node = createNode({
      ...{ name, roles, port: at, folder, keptRunning, onChange },
      logFile: join(logDir, `${name}.log`),
      drainsWithinMs: delayMs + closesWithinMs,
      settings: {
        HOST: at === port ? host : '127.0.0.1',
        BASE_URL: entrance,
        DRAIN_DELAY_MS: `${delayMs}`,
        ...(isBalanced && { TRUSTED_PROXIES: '127.0.0.1' }),
        ...settings,
        TRUSTED_ORIGINS: [settings.TRUSTED_ORIGINS, ...localOrigins(entrance, isBalanced ? port : at)]
          .filter(Boolean)
          .join(),
      },
    })
    members.push(node)
    return node
  }

  /** `gateway-1`, `gateway-2` …: names are never reused. */
  function nextName(kind: string): string {
    const nth = (made.get(kind) ?? 0) + 1
    made.set(kind, nth)
    return `${kind}-${nth}`
  }

  async function drain({ name }: ClusterNode) {
    await members.find((member) => member.name === name)?.drain()
    members.splice(
      members.findIndex((member) => member.name === name),
      1,
    )
  }

  return {
    all: (): readonly DrainableNode[] => members,
    drain,
    drainAll: async () => void (await Promise.all([...members].map(drain))),
    async createServer(kind: NodeKind) {
      if (isBalanced) return create(nextName(kind), kind, await nodePort())
      return create(nextName('node'), 'web,gateway', members.length === 0 ? port : await nodePort())
    },
    createOther: async (roles: string) =>
      create(nextName(roles.replaceAll(',', '-')), roles, await nodePort()),
  }
}

/** The origins under which a browser on this machine reaches a port. */
function localOrigins(entrance: string, port: number): string[] {
  const { protocol } = new URL(entrance)
  return ['localhost', '127.0.0.1'].map((host) => new URL(`${protocol}//${host}:${port}`).origin)
}
