import { formatCursor } from '#server/log/log.ts'
import { shared } from './shared.ts'

/** The result of a poll. `next` is the cursor for the next poll; undefined when this poll sent none. */
export type PollResult =
  | { state: 'changed'; next: string; body: Buffer }
  | { state: 'not-modified'; next: string | undefined }
  | { state: 'reset'; head: string; reason: 'epoch' | 'beyond-head' | 'trimmed' }

/** A batch as the result of a poll, encoded once for all polls at that position. */
export const encodePage = shared((batch): PollResult => {
  if (batch.type === 'reset') {
    return { state: 'reset', head: formatCursor(batch.head), reason: batch.reason }
  }
  const { head, more } = batch
  const next = formatCursor(batch.next)
  const entries = batch.entries.map(({ json }) => json).join(',')
  const body = `{"entries":[${entries}],"next":"${next}","head":"${formatCursor(head)}","more":${more}}`
  return { state: 'changed', next, body: Buffer.from(body) }
})
