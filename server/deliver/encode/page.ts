import { formatCursor } from '#server/log/log.ts'
import { shared } from './shared.ts'

/** What a poll gets. `next` is the cursor to poll after; it is undefined when the poll named none. */
export type PollResult =
  | { state: 'changed'; next: string; body: Buffer }
  | { state: 'not-modified'; next: string | undefined }
  | { state: 'reset'; head: string; reason: 'epoch' | 'beyond-head' | 'trimmed' }

/** A batch as the result of a poll, encoded once for all who poll at that position. */
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
