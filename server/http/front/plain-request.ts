/** A request without a body: its request line and headers. Header names are in lower case. */
export type PlainRequest = { version: string; url: string; headers: Readonly<Record<string, string>> }

/** The parser's limit (Node's `--max-http-header-size`); a longer head is left to it. */
const maxHeadBytes = 16 * 1024
const requestLine = /^GET (\/api\/[\x21-\x7e]*) HTTP\/(1\.[01])$/
const fieldName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
const fieldValue = /^[\t\x20-\x7e\x80-\xff]*$/
const end = Buffer.from('\r\n\r\n')

/** With one of these headers, a request is more than its request line and headers. */
const unusual = ['content-length', 'transfer-encoding', 'upgrade', 'expect', 'te', 'trailer']

/**
 * Parses bytes that are exactly one complete GET of the API; undefined for anything else, which the HTTP parser
 * handles.
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
    // Split at the colon, because one regular expression for the whole line, with optional whitespace around the value,
    // takes n³ steps when it fails.
    const value = line.slice(colon + 1)
    if (!fieldName.test(name) || !fieldValue.test(value)) return undefined
    const key = name.toLowerCase()
    if (Object.hasOwn(headers, key)) return undefined
    headers[key] = unpadded(value)
  }
  const isPlain = headers.host !== undefined && !unusual.some((name) => Object.hasOwn(headers, name))
  return isPlain ? { version, url, headers } : undefined
}

/** Without spaces and tabs around it (RFC 9110, section 5.5); `trim` would also remove a no-break space. */
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
