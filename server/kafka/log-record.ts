import { isUtf8 } from 'node:buffer'
import type { Entry } from '#server/log/log.ts'
import type { TopicRecord } from './fetch-records.ts'

/** The record value of an entry: all but its seq, which follows from the offset. `data` is JSON text. */
export function encodeLogValue(type: string, at: string, data: string): string {
  return `{"type":${JSON.stringify(type)},"at":"${at}","data":${data}}`
}

/**
 * The entry in a record, with its text passed on byte for byte; or the reason to skip it: another key, or a value that
 * is not exactly in our format. Clients get the text as it is, in frames that end with a line break.
 */
export function decodeLogRecord(
  { offset, key, value }: TopicRecord,
  expectedKey: string,
): Entry | 'broken' | 'foreign' {
  const seq = Number(offset) + 1
  if (key?.toString() !== expectedKey) return 'foreign'
  const text = value && isUtf8(value) ? value.toString() : ''
  const { type, at, ...rest } = parsed(text)
  if (typeof type !== 'string' || typeof at !== 'string' || Object.keys(rest).join() !== 'data')
    return 'broken'
  if (
    !isoPattern.test(at) ||
    /[\n\r]/.test(text) ||
    !text.startsWith(encodeLogValue(type, at, '').slice(0, -1))
  )
    return 'broken'
  return { seq, type, json: `{"seq":${seq},${text.slice(1)}` }
}

const isoPattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    return value !== null && typeof value === 'object' ? { ...value } : {}
  } catch {
    return {}
  }
}
