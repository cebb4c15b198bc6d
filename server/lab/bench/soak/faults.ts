import { setTimeout as pause } from 'node:timers/promises'
import type { Cluster } from '#server/cluster/open-cluster.ts'
import type { Testbed } from '#server/lab/testbed/testbed.ts'

/** Something that is broken and mended again; resolves when it is whole. */
export type Fault = { name: string; happen(): Promise<void> }

/** How long what is broken stays broken. */
const forMs = 3_000

type Killable = { kill(): Promise<void>; start(): Promise<void> }
type Freezable = { freeze(): void; thaw(): void }

/** What can happen to this cluster. `random` gives a number from 0 to 1 and picks the node. */
export function faultsOf(cluster: Cluster, testbed: Testbed, random: () => number): Fault[] {
  const { redis, kafka, haproxy } = cluster.engines
  const anyOf = (roles: string) => {
    const nodes = cluster.nodes().filter((node) => node.roles === roles)
    const node = nodes[Math.floor(random() * nodes.length)]
    if (!node) throw new Error(`There is no ${roles}`)
    return node
  }
  const killed = (name: string, of: () => Killable): Fault => ({
    name: `${name} killed`,
    async happen() {
      const victim = of()
      await victim.kill()
      await pause(forMs)
      await victim.start()
    },
  })
  const frozen = (name: string, of: () => Freezable): Fault => ({
    name: `${name} frozen`,
    async happen() {
      const victim = of()
      victim.freeze()
      await pause(forMs)
      victim.thaw()
    },
  })
  const gateway = () => anyOf('gateway')
  return [
    killed('a gateway', gateway),
    frozen('a gateway', gateway),
    { name: 'a gateway drained and replaced', happen: () => gateway().restart() },
    killed('the web', () => anyOf('web')),
    ...(haproxy ? [killed('HAProxy', () => haproxy)] : []),
    ...(redis ? [killed('Redis', () => redis), frozen('Redis', () => redis)] : []),
    ...(kafka ? [killed('Kafka', () => kafka), killed('the relay', () => anyOf('relay'))] : []),
    {
      name: 'Postgres stopped',
      async happen() {
        await testbed.stopPostgres()
        await pause(forMs)
        await testbed.startPostgres()
      },
    },
  ]
}

/** All of them in random order, then again in another. */
export function* shuffled<T>(items: readonly T[], random: () => number): Generator<T, never> {
  for (;;) {
    const left = [...items]
    while (left.length > 0) yield* left.splice(Math.floor(random() * left.length), 1)
  }
}
