import type { Exchange } from './exchange.ts'

type HttpVersion = 'HTTP/1.1' | 'HTTP/2' | 'HTTP/3'

const versions: Readonly<Record<string, HttpVersion>> = { 'http/1.1': 'HTTP/1.1', h2: 'HTTP/2', h3: 'HTTP/3' }

const unknown = 'HTTP'

/**
 * The HTTP version of an exchange according to the browser, which reports it when the exchange is over; until then the
 * page's own version, since both have the same origin.
 */
export function httpVersionOf({ timing }: Pick<Exchange, 'timing'>): string {
  return versions[timing?.protocol ?? ''] ?? pageHttpVersion() ?? unknown
}

/** The HTTP version that carried this page; undefined where the browser does not report it. */
export function pageHttpVersion(): HttpVersion | undefined {
  const [page] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
  return versions[page?.nextHopProtocol ?? '']
}

/** The HTTP versions of these exchanges, as a sentence; undefined where the browser reports none. */
export function versionsInWords(exchanges: readonly Exchange[]): string | undefined {
  const seen = new Set(exchanges.map(httpVersionOf).filter((version) => version !== unknown))
  const [version, ...others] = seen
  if (version === undefined) return undefined
  if (others.length > 0) return `Requests go over ${[...seen].toSorted().join(' and ')}.`
  return version === 'HTTP/1.1'
    ? 'Requests go over HTTP/1.1, at most six at a time.'
    : `Requests go over ${version}, all on one connection.`
}
