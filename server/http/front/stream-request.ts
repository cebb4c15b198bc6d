/** A request for an event stream, as far as serving it needs. Header names are in lower case. */
export type StreamRequest = {
  path: string
  name: string
  after: string | undefined
  headers: Readonly<Record<string, string>>
}

/** A head may be as long as the parser takes it (Node's `--max-http-header-size`); what is longer is left to the parser. */
const maxHeadBytes = 16 * 1024
const requestLine = /^GET (\/api\/streams\/([A-Za-z0-9:_-]+)(?:\?after=([0-9a-z.]+))?) HTTP\/1\.[01]$/
const fieldName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
const fieldValue = /^[\t\x20-\x7e\x80-\xff]*$/
const end = Buffer.from('\r\n\r\n')

/** With one of these a request means more than its line and its fields say. */
const unusual = ['content-length', 'transfer-encoding', 'upgrade', 'expect', 'te', 'trailer']

/**
 * Reads the first bytes of a connection, if they are exactly one whole request for an event stream and nothing else;
 * undefined for all that is not plainly so, which the HTTP parser judges.
 */
export function streamRequestIn(bytes: Buffer): StreamRequest | undefined {
  if (bytes.length > maxHeadBytes || bytes.indexOf(end) !== bytes.length - end.length) return undefined
  const [first = '', ...lines] = bytes.toString('latin1', 0, bytes.length - end.length).split('\r\n')
  const [, path, name, after] = requestLine.exec(first) ?? []
  if (path === undefined || name === undefined) return undefined
  const headers: Record<string, string> = {}
  for (const line of lines) {
    const [key, value] = fieldIn(line) ?? []
    if (key === undefined || value === undefined || Object.hasOwn(headers, key)) return undefined
    headers[key] = value
  }
  const isPlain = headers.host !== undefined && !unusual.some((name) => Object.hasOwn(headers, name))
  return isPlain && wantsStream(headers.accept) ? { path, name, after, headers } : undefined
}

/** Cut at the colon: an expression for the whole line, blanks around its value included, costs n³ when it fails. */
function fieldIn(line: string): [key: string, value: string] | undefined {
  const colon = line.indexOf(':')
  const name = line.slice(0, Math.max(0, colon))
  const value = line.slice(colon + 1)
  return fieldName.test(name) && fieldValue.test(value) ? [name.toLowerCase(), unpadded(value)] : undefined
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

const eventStream = /(?:^|,)\s*text\/event-stream\s*(;[^,]*)?(?=$|,)/i

/** Whether `Accept` asks for an event stream (RFC 9110, section 12.5.1); one of weight 0 is not wanted. */
export function wantsStream(accept: string | undefined): boolean {
  const found = accept === undefined ? null : eventStream.exec(accept)
  return found !== null && !/;\s*q=0(?:\.0*)?\s*(?:;|$)/i.test(found[1] ?? '')
}
