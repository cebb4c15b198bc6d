import { isUtf8 } from 'node:buffer'
import type { Entry } from '#server/log/log.ts'

/** A record of the entries topic, as a Kafka client returns it. */
export type RawRecord = {
  key?: Buffer | null | undefined
  value?: Buffer | null | undefined
  headers: readonly (readonly [Buffer | null, Buffer | null])[]
}

/** Why a record is skipped: malformed, of another epoch, too large, or known already. */
export type SkipReason = 'broken' | 'foreign' | 'oversized' | 'repeated'

/** Kafka accepts batches of about 1 MB by default; an entry that does not fit is read from the log. */
export const maxValueBytes = 800_000

/**
 * The record value of an entry: the stream, then the entry's own text byte for byte, so that it can be cut out again.
 */
export function encodeValue(stream: string, { json }: Pick<Entry, 'json'>): string {
  return prefixOf(stream) + json.slice(1)
}

/** The stream of a record of this epoch, or the reason to skip it. Inspects no more than necessary. */
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
 * The entry in a value; undefined unless it is exactly in our format. Clients get the text as it is, in frames that end
 * with a line break, so text with a line break, or with a seq that JSON would parse differently, must not pass.
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
