import type { Exchange } from './exchange.ts'

/** All requests that belong to no stream. */
export const requests = 'requests'

const streamPath = /^\/api\/streams\/([^?]+)/

/** What an exchange belongs to: the stream that it reads, in whichever way, by its name, or `requests`. */
export function groupOf({ path }: Pick<Exchange, 'path'>): string {
  const [, name] = streamPath.exec(path) ?? []
  return name === undefined ? requests : decodeURIComponent(name)
}

/** The groups that this page has had on the wire: its own streams, then the bell's, which all pages have, then `requests`. */
export function groupsOf(exchanges: readonly Exchange[]): string[] {
  const last = ['me', requests]
  const groups = new Set(exchanges.map(groupOf))
  return [...groups]
    .filter((group) => !last.includes(group))
    .concat(last.filter((group) => groups.has(group)))
}
