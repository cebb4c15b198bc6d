import { isUtf8 } from 'node:buffer'
import type { Entry } from '#server/log/log.ts'

/** What a record of the entries topic is, as a client of Kafka gives it. */
export type RawRecord = {
  key?: Buffer | null | undefined
  value?: Buffer | null | undefined
  headers: readonly (readonly [Buffer | null, Buffer | null])[]
}

/** Why a record is passed over: not ours, of another life of the log, too large, or here already. */
export type SkipReason = 'broken' | 'foreign' | 'oversized' | 'repeated'

/** Kafka takes a batch of about 1 MB where nobody has set it otherwise; what does not fit is read from the log. */
export const maxValueBytes = 800_000

/** The value of an entry's record: the stream, and then the entry's own text byte for byte, to be cut out again. */
export function encodeValue(stream: string, { json }: Pick<Entry, 'json'>): string {
  return prefixOf(stream) + json.slice(1)
}

/** The stream of a record of this life of the log, or why it is passed over. Looks at no more than it must. */
export function streamOf(
  { key, value, headers }: RawRecord,
  epoch: string,
): { stream: string; value: Buffer } | SkipReason {
  if (!key || !value || !isUtf8(key)) return 'broken'
  if (value.length > maxValueBytes) return 'oversized'
  for (const [name, text] of headers) {
    if (name?.toString() === 'epoch')
      return text?.toString() === epoch ? { stream: key.toString(), value } : 'foreign'
  }
  return 'broken'
}

/**
 * The entry in a value; undefined when it is not just as ours are. What is taken goes out to clients as it is, in
 * frames that end with a line: a line break, or a seq that the text itself has otherwise, must not get that far.
 */
export function decodeValue(stream: string, value: Buffer): Entry | undefined {
  const text = isUtf8(value) ? value.toString() : ''
  const prefix = prefixOf(stream)
  if (!text.startsWith(prefix) || /[\n\r]/.test(text)) return undefined
  const json = `{${text.slice(prefix.length)}`
  const { seq, type } = parsed(json)
  if (typeof seq !== 'number' || !Number.isSafeInteger(seq) || seq < 1 || typeof type !== 'string')
    return undefined
  return json.startsWith(`{"seq":${seq},"type":${JSON.stringify(type)},"at":"`)
    ? { seq, type, json }
    : undefined
}

const prefixOf = (stream: string) => `{"stream":${JSON.stringify(stream)},`

function parsed(json: string): { seq?: unknown; type?: unknown } {
  try {
    return JSON.parse(json)
  } catch {
    return {}
  }
}
