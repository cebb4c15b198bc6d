import type { Database } from '#server/database/pool.ts'
import { appendStatement } from '#server/log/append.ts'

/** The stream that everybody with a session may read. */
export const stream = 'feed'

const entryBytes = 200
const around = '{"seq":10,"type":"bench.said","at":"2026-11-24T00:00:00.000Z","data":}'.length

/** The data of an event whose entry takes 200 bytes on the wire. */
export const said = { text: 'x'.repeat(entryBytes - around - '{"text":""}'.length) }

/** Appends one such entry as a business verb of another process does: in a transaction that ends with the NOTIFY. */
export async function say({ prisma }: Pick<Database, 'prisma'>): Promise<void> {
  await prisma.$transaction((tx) => appendStatement(tx, [{ stream, type: 'bench.said', data: said }]))
}
