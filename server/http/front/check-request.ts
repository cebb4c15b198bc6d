import type { IncomingMessage } from 'node:http'
import { Refusal } from '#server/http/problem.ts'

/** Health checks come from programs that only know the address, so their `Host` is not checked. */
const probes = /^\/(?:healthz|readyz)(?:\?|$)/
const absoluteTarget = /^https?:\/\/([^/?]*)(.*)$/is

/**
 * Validates the framing headers of a request and its host (RFC 9112, sections 3.2 and 6.1), before anything else reads
 * it; returns why it is refused. An absolute target with a host of ours is reduced to its path.
 *
 * Two programs in a row that interpret one of these differently see different requests in the same bytes.
 */
export function checkRequest(
  request: IncomingMessage,
  isOwnHost: (authority: string) => boolean,
): Refusal | undefined {
  const { httpVersionMinor, headers } = request
  const hosts = countOf(request, 'host')
  if (hosts > 1) return new Refusal('bad-request', 'Host is given more than once')
  if (hosts === 0 && httpVersionMinor > 0) return new Refusal('bad-request', 'Host is missing')
  const codings = countOf(request, 'transfer-encoding')
  if (codings > 0 && (codings > 1 || headers['transfer-encoding']?.toLowerCase() !== 'chunked')) {
    return new Refusal('bad-request', 'The only supported Transfer-Encoding is chunked')
  }
  if (codings > 0 && httpVersionMinor === 0) {
    return new Refusal('bad-request', 'HTTP/1.0 has no Transfer-Encoding')
  }
  const [, authority, path] = absoluteTarget.exec(request.url ?? '') ?? []
  if (authority !== undefined) request.url = path?.startsWith('/') ? path : `/${path}`
  if (!request.url?.startsWith('/')) return new Refusal('bad-request', 'The request target is not a path')
  const names = probes.test(request.url) ? [authority] : [authority, headers.host]
  if (!names.every((name) => name === undefined || isOwnHost(name))) {
    // 421 (misdirected) would be right, but browsers retry after it, and no problem has that status.
    return new Refusal(
      'bad-request',
      'This server does not answer to that host name: add it to BASE_URL or TRUSTED_ORIGINS if it should',
    )
  }
  if (authority !== undefined) headers.host = authority
  return undefined
}

/** Counts raw header fields: Node keeps only the first of several `Host`, and joins others that must not be joined. */
function countOf({ rawHeaders }: IncomingMessage, name: string): number {
  let count = 0
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const field = rawHeaders[at]
    if (field?.length === name.length && field.toLowerCase() === name) count += 1
  }
  return count
}

/** In characters; no page has a path that long. */
const longestPath = 2_000

/** Why no page exists at this URL or for this method; undefined when the pages decide. */
export function checkPageRequest({ method, url = '' }: IncomingMessage): Refusal | undefined {
  if (method !== 'GET' && method !== 'HEAD') {
    return new Refusal('method-not-allowed', 'Pages are read with GET', { headers: { allow: 'GET, HEAD' } })
  }
  const [path = ''] = url.split('?', 1)
  if (path.length > longestPath) return new Refusal('bad-request', 'The path is too long')
  // Two slashes, or a backslash, are read as a host by clients that follow a redirect.
  if (path.startsWith('//') || path.includes('\\') || !isDecodable(path)) {
    return new Refusal('bad-request', 'The path is not valid')
  }
  return undefined
}

function isDecodable(path: string): boolean {
  try {
    return !decodeURIComponent(path).includes('\0')
  } catch {
    // Not percent-encoded UTF-8, hence not decodable.
    return false
  }
}
