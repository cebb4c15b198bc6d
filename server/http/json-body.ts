import { Refusal } from './problem.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true })
const otherCharset = /;\s*charset\s*=\s*(?!"?utf-?8"?\s*(?:;|$))/i

/**
 * Parses a JSON body, which is UTF-8 (RFC 8259, section 8.1). Throws `unsupported-media-type` for another charset,
 * `malformed-json`, or `bad-request` when it nests deeper than `maxDepth`. The depth is checked before parsing, to
 * protect recursive code.
 */
export function parseJson(body: Uint8Array, contentType = '', maxDepth = Number.POSITIVE_INFINITY): unknown {
  if (otherCharset.test(contentType)) throw new Refusal('unsupported-media-type', 'JSON must be UTF-8')
  const text = decode(body)
  if (depthOf(text) > maxDepth)
    throw new Refusal('bad-request', `The body nests deeper than ${maxDepth} levels`)
  try {
    return JSON.parse(text)
  } catch {
    throw new Refusal('malformed-json')
  }
}

function decode(body: Uint8Array): string {
  try {
    return utf8.decode(body)
  } catch {
    throw new Refusal('malformed-json', 'The body is not UTF-8')
  }
}

function depthOf(text: string): number {
  let depth = 0
  let deepest = 0
  let quoted = false
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at]
    if (quoted) {
      if (char === '\\') at += 1
      else if (char === '"') quoted = false
    } else if (char === '"') quoted = true
    else if (char === '{' || char === '[') {
      depth += 1
      deepest = Math.max(deepest, depth)
    } else if (char === '}' || char === ']') depth -= 1
  }
  return deepest
}
