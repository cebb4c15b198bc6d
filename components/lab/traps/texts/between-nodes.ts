import type { TrapText } from '../trap-text.ts'

export const betweenNodes: readonly TrapText[] = [
  {
    name: 'balancer-ports',
    lane: 'sse',
    title: 'The balancer runs out of ports',
    happens:
      'At some number of open connections, often about 28,000, new clients get a 503. Every server has room, and no server has seen them.',
    why: 'A balancer opens a connection of its own for each stream. From one address to one port of a server there are only as many as there are local ports, and a stream keeps its port for as long as it is open.',
    fallsIn: {
      path: 'server/lab/traps/balancer-ports.ts',
      cite: /^ {6}failing: .*$/m,
    },
    wayRound: {
      path: 'server/lab/traps/balancer-ports.ts',
      cite: /^ {6}working: await armOf\([\s\S]*?^ {6}\]\),$/m,
    },
    notShown:
      'The run gives the balancer 32 ports instead of 28,000. More ports on the servers help as much as more addresses.',
    proof: {
      path: 'server/lab/traps/traps.test.ts',
      name: 'who does not know it falls in, and the way round stays out',
    },
    sources: [
      {
        name: 'HAProxy, Configuration Manual: source',
        href: 'https://docs.haproxy.org/2.6/configuration.html#5.2-source',
      },
    ],
  },
  {
    name: 'redis-pub-sub',
    title: 'Pub/sub keeps nothing',
    happens:
      'Redis restarts in two seconds. Everything reconnects, nothing reports an error, and some messages never reach some of the users.',
    why: 'Redis delivers a published message to those who are subscribed at that moment, at most once. While a node reconnects it is not subscribed, and it is never told what it missed.',
    fallsIn: {
      path: 'server/lab/drills/naive/carrier.ts',
      cite: /^ {2}await subscriber\.subscribe[\s\S]*?send: .*$/m,
    },
    wayRound: {
      path: 'server/log/postgres-log.ts',
      cite: /^ {4}backplane\.onReconnect\([\s\S]*?^ {4}\}\)$/m,
    },
    proof: {
      path: 'server/testing/faults/redis.test.ts',
      name: 'Through a Redis that is killed, restarted empty, frozen for 10 s and full of garbage, under load, each client gets every entry once, about a second late at most',
    },
    sources: [
      { name: 'Redis, Pub/sub: delivery semantics', href: 'https://redis.io/docs/latest/develop/pubsub/' },
    ],
  },
  {
    name: 'one-consumer-group',
    title: 'One consumer group for all gateways',
    happens:
      'With one gateway everyone has everything. With three, each browser has a third, and which third changes when a gateway restarts.',
    why: 'A consumer group divides the partitions among its members, so that a record is worked on once. A gateway does not work records off: each has to see all of them.',
    fallsIn: {
      path: 'server/lab/traps/one-consumer-group.ts',
      cite: /^ {8}failing: .*$/m,
    },
    wayRound: {
      path: 'server/kafka/connection.ts',
      cite: /^ {2}\/\*\* For `fetch` and `listOffsets`[\s\S]*?^ {2}reader\(.*$/m,
    },
    proof: {
      path: 'server/kafka/nodes.test.ts',
      name: 'takes entries from it',
    },
    sources: [
      {
        name: 'Apache Kafka, Design: consumers',
        href: 'https://kafka.apache.org/documentation/#theconsumer',
      },
    ],
  },
]
