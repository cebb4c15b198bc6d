import type { LaneKind } from '#components/lane/lane-kind.ts'

/** A place in the top bar and on the home page. `kind` is the lane it runs on; none for what compares them all. */
export type Destination = {
  href: string
  /** In the bar. */
  name: string
  /** Where there is room. */
  title: string
  kind?: LaneKind
  /** What the pattern is good for here. */
  why: string
}

export const destinations: readonly Destination[] = [
  {
    href: '/loans',
    name: 'Loans',
    title: 'Loans and payments',
    kind: 'short',
    why: 'Changes a few times a day. A reload must be enough, a cache must help, and nobody minds 30 s.',
  },
  {
    href: '/feed',
    name: 'Feed',
    title: 'Feed and the bell',
    kind: 'sse',
    why: 'The server speaks, the browser listens. All tabs share one connection.',
  },
  {
    href: '/chat',
    name: 'Chat',
    title: 'Chat',
    kind: 'ws',
    why: 'Both sides speak, and a message counts only when it has been acknowledged.',
  },
  {
    href: '/trading',
    name: 'Trading',
    title: 'Trading',
    kind: 'ws',
    why: 'Hundreds of prices a second one way, orders the other. The latest price wins.',
  },
  {
    href: '/lab',
    name: 'Lab',
    title: 'The lab',
    why: 'Sends one stream of events down all four, and counts what each costs and loses.',
  },
  {
    href: '/guide',
    name: 'Guide',
    title: 'The guide',
    why: 'Turns your requirements and your own run into a recommendation.',
  },
]

/** Whether `path` is the destination's page or lies below it. */
export function isAt(path: string, { href }: Destination): boolean {
  return path === href || path.startsWith(`${href}/`)
}
