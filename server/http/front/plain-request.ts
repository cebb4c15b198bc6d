/** A request without a body, as its first line and its fields say it. Field names are in lower case. */
export type PlainRequest = { version: string; url: string; headers: Readonly<Record<string, string>> }

/** A head may be as long as the parser takes it (Node's `--max-http-header-size`); what is longer is left to the parser. */
const maxHeadBytes = 16 * 1024
const requestLine = /^GET (\/api\/[\x21-\x7e]*) HTTP\/(1\.[01])$/
const fieldName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
const fieldValue = /^[\t\x20-\x7e\x80-\xff]*$/
const end = Buffer.from('\r\n\r\n')

/** With one of these a request means more than its line and its fields say. */
const unusual = ['content-length', 'transfer-encoding', 'upgrade', 'expect', 'te', 'trailer']

/**
 * Reads bytes of a connection, if they are exactly one whole GET of the API and nothing else; undefined for all that is
 * not plainly so, which the HTTP parser judges.
 */
export function plainRequestIn(bytes: Buffer): PlainRequest | undefined {
  if (bytes.length > maxHeadBytes || bytes.indexOf(end) !== bytes.length - end.length) return undefined
  const [first = '', ...lines] = bytes.toString('latin1', 0, bytes.length - end.length).split('\r\n')
  const [, url, version] = requestLine.exec(first) ?? []
  if (url === undefined || version === undefined) return undefined
  const headers: Record<string, string> = {}
  for (const line of lines) {
    const colon = line.indexOf(':')
    const name = line.slice(0, Math.max(0, colon))
    // Cut at the colon: an expression for the whole line, blanks around its value included, costs n³ when it fails.
    const value = line.slice(colon + 1)
    if (!fieldName.test(name) || !fieldValue.test(value)) return undefined
    const key = name.toLowerCase()
    if (Object.hasOwn(headers, key)) return undefined
    headers[key] = unpadded(value)
  }
  const isPlain = headers.host !== undefined && !unusual.some((name) => Object.hasOwn(headers, name))
  return isPlain ? { version, url, headers } : undefined
}

/** Without the blanks and tabs around it (RFC 9110, section 5.5); `trim` would take a no-break space too. */
function unpadded(value: string): string {
  let from = 0
  let to = value.length
  while (isBlank(value[from])) from += 1
  while (to > from && isBlank(value[to - 1])) to -= 1
  return value.slice(from, to)
}

function isBlank(char: string | undefined): boolean {
  return char === ' ' || char === '\t'
}
