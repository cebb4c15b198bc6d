import type { IncomingMessage } from 'node:http'
import { Refusal } from '#server/http/problem.ts'

/** What is asked whether the process lives, by programs that know its address alone. */
const probes = /^\/(?:healthz|readyz)(?:\?|$)/
const absoluteTarget = /^https?:\/\/([^/?]*)(.*)$/is

/**
 * Checks what frames a request and says whom it is for (RFC 9112, sections 3.2 and 6.1), before anything else reads it;
 * gives why it is refused. An absolute target that names us becomes a path.
 *
 * Two programs in a row that read one of these differently see different requests in the same bytes.
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
    // Misdirected it is (421), but browsers ask again after that, and no problem has it for its status.
    return new Refusal(
      'bad-request',
      'This server does not answer to that host name: add it to BASE_URL or TRUSTED_ORIGINS if it should',
    )
  }
  if (authority !== undefined) headers.host = authority
  return undefined
}

/** Of the fields as they came: Node keeps one `Host` of several, and joins what it may not. */
function countOf({ rawHeaders }: IncomingMessage, name: string): number {
  let count = 0
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const field = rawHeaders[at]
    if (field?.length === name.length && field.toLowerCase() === name) count += 1
  }
  return count
}

/** In characters; no page has one that long. */
const longestPath = 2_000

/** Why no page is at this URL, or not for this method; undefined when it is for the pages to say. */
export function checkPageRequest({ method, url = '' }: IncomingMessage): Refusal | undefined {
  if (method !== 'GET' && method !== 'HEAD') {
    return new Refusal('method-not-allowed', 'Pages are read with GET', { headers: { allow: 'GET, HEAD' } })
  }
  const [path = ''] = url.split('?', 1)
  if (path.length > longestPath) return new Refusal('bad-request', 'The path is too long')
  // Two slashes, or one that leans back, are a host to who follows a redirect.
  if (path.startsWith('//') || path.includes('\\') || !isDecodable(path)) {
    return new Refusal('bad-request', 'The path is not valid')
  }
  return undefined
}

function isDecodable(path: string): boolean {
  try {
    return !decodeURIComponent(path).includes('\0')
  } catch {
    // Not percent-encoded UTF-8: that is the answer.
    return false
  }
}
