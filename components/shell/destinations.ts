import type { LaneKind } from '#components/lane/lane-kind.ts'

/** A destination in the top bar and on the home page. `kind` is the lane it uses; absent for what compares them all. */
export type Destination = {
  href: string
  /** In the bar. */
  name: string
  /** Where there is room. */
  title: string
  kind?: LaneKind
  /** What the delivery is good for here. */
  why: string
}

export const destinations: readonly Destination[] = [
  {
    href: '/loans',
    name: 'Loans',
    title: 'Loans and payments',
    kind: 'short',
    why: 'Changes a few times a day. A reload is enough, a cache helps, and 30 s of delay is fine.',
  },
  {
    href: '/feed',
    name: 'Feed',
    title: 'Feed and notifications',
    kind: 'sse',
    why: 'The server sends, the browser receives. All tabs share one connection.',
  },
  {
    href: '/chat',
    name: 'Chat',
    title: 'Chat',
    kind: 'ws',
    why: 'Both sides send, and a message counts only once it’s acknowledged.',
  },
  {
    href: '/trading',
    name: 'Trading',
    title: 'Trading',
    kind: 'ws',
    why: 'Hundreds of prices a second in one direction, orders in the other. Only the latest price matters.',
  },
  {
    href: '/lab',
    name: 'Lab',
    title: 'The lab',
    why: 'Sends the same events through all four and measures what each costs and loses.',
  },
  {
    href: '/guide',
    name: 'Guide',
    title: 'The guide',
    why: 'Turns your requirements and measurements into a recommendation.',
  },
]

/** Whether `path` is the destination's page or below it. */
export function isAt(path: string, { href }: Destination): boolean {
  return path === href || path.startsWith(`${href}/`)
}
