import type { IncomingHttpHeaders } from 'node:http'
import { wantsStream } from './front/stream-request.ts'
import { Refusal } from './problem.ts'

type Asking = { method: string; headers: Readonly<IncomingHttpHeaders> }

const readOnly = new Set(['GET', 'HEAD', 'OPTIONS'])
const ownSites = new Set(['same-origin', 'none'])

/**
 * Refuses what a foreign page sends with our user's cookie: unsafe methods, and streams (which a page may open across
 * origins). Without `Origin`, `Sec-Fetch-Site` decides; a request with neither does not come from a browser.
 */
export function checkOrigin({ method, headers }: Asking, trusted: readonly string[]): void {
  const opensStream = wantsStream(headers.accept)
  if (readOnly.has(method) && !opensStream) return
  if (isOwnOrigin(headers, trusted)) return
  throw new Refusal('origin-not-allowed', 'This origin is not allowed here')
}

/** Whether a request comes from one of our own pages, or from no page at all. */
export function isOwnOrigin(
  headers: { origin?: string | undefined; 'sec-fetch-site'?: string | string[] | undefined },
  trusted: readonly string[],
): boolean {
  if (headers.origin !== undefined) return trusted.includes(headers.origin)
  const site = headers['sec-fetch-site']
  return site === undefined || (typeof site === 'string' && ownSites.has(site))
}
