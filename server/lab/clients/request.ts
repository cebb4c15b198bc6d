import type { Going } from './client.ts'

/** The text of a request for the stream, after a cursor. */
export function streamRequest(
  { port, host = '127.0.0.1', cookie, stream }: Going,
  after: string | undefined,
  fields: Record<string, string | undefined>,
): string {
  const query = after === undefined ? '' : `?after=${encodeURIComponent(after)}`
  let text = `GET /api/streams/${encodeURI(stream)}${query} HTTP/1.1\r\nhost: ${host}:${port}\r\ncookie: ${cookie}\r\n`
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) text += `${name}: ${value}\r\n`
  return `${text}\r\n`
}
