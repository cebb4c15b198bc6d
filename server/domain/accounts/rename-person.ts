import { z } from 'zod'
import { enqueue } from '#server/jobs/enqueue.ts'
import type { JobTasks } from '#server/jobs/worker.ts'
import type { Log } from '#server/log/log.ts'
import type { Transaction } from '#server/log/postgres-log.ts'
import type { Person } from '#server/protocol/people.ts'

type RenameDeps = { log: Pick<Log<Transaction>, 'append' | 'transact'> }

const streamsAtOnce = 100

/**
 * Gives a user another name; their handle stays. Every stream whose readers are shown the name gets `person.renamed`, so
 * that no loan keeps its tag: the first hundred in this transaction, a job has the others. The same name changes nothing.
 */
export async function renamePerson(
  deps: RenameDeps,
  tx: Transaction,
  id: string,
  name: string,
): Promise<Person> {
  const select = { id: true, name: true, handle: true }
  const before = await tx.user.findUniqueOrThrow({ where: { id }, select })
  if (before.name === name) return before
  const person = await tx.user.update({ where: { id }, data: { name }, select })
  await spreadName(deps, tx, person, '')
  return person
}

const spreading = z.object({ userId: z.string(), after: z.string() })

/** The durable jobs of renaming. */
export function renameJobs(deps: RenameDeps): JobTasks {
  return {
    'spread-name': async (payload) => {
      const { userId, after } = spreading.parse(payload)
      await deps.log.transact(async (tx) => {
        const select = { id: true, name: true, handle: true }
        const person = await tx.user.findUnique({ where: { id: userId }, select })
        if (person) await spreadName(deps, tx, person, after)
      }, `name:${userId}`)
    },
  }
}

/** Appends to the streams after `after`. Harmless when repeated: an entry has the current name. */
async function spreadName({ log }: RenameDeps, tx: Transaction, person: Person, after: string) {
  const streams = await streamsWith(tx, person.id, after)
  const last = streams.at(-1)
  if (last === undefined) return
  if (streams.length === streamsAtOnce) {
    await enqueue(tx, 'spread-name', { userId: person.id, after: last })
  }
  // In one append, which takes the heads in an order that deadlocks with nobody.
  await log.append(
    tx,
    streams.map((stream) => ({ stream, type: 'person.renamed', data: { person } })),
  )
}

/** The next streams, in the order of their names, whose readers are shown this user's name. */
async function streamsWith(tx: Transaction, id: string, after: string): Promise<string[]> {
  const rows = await tx.$queryRaw<{ stream: string }[]>`
    SELECT stream FROM (
      SELECT 'loan:' || id AS stream FROM loan WHERE "applicantId" = ${id} OR "officerId" = ${id}
      UNION ALL SELECT 'room:' || "roomId" FROM room_member WHERE "userId" = ${id}
      UNION ALL SELECT 'user:' || ${id}::text
      UNION ALL SELECT 'feed'
    ) shown WHERE stream COLLATE "C" > ${after} ORDER BY stream COLLATE "C" LIMIT ${streamsAtOnce}`
  return rows.map(({ stream }) => stream)
}
