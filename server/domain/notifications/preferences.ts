import type { Prisma } from '#prisma/generated/client.ts'
import { notificationKinds, type Preferences } from '#server/protocol/notifications.ts'

type Bells = Pick<Prisma.TransactionClient, 'bell'>

/** The kinds that a user wants to be notified of: all, until some are switched off. */
export async function readPreferences(db: Bells, userId: string): Promise<Preferences> {
  const bell = await db.bell.findUnique({ where: { userId }, select: { muted: true } })
  return preferencesWithout(bell?.muted ?? [])
}

/** Applies to future notifications; existing ones stay. */
export async function setPreferences(db: Bells, userId: string, wanted: Preferences): Promise<Preferences> {
  const muted = notificationKinds.filter((kind) => !wanted[kind])
  await db.bell.update({ where: { userId }, data: { muted } })
  return preferencesWithout(muted)
}

function preferencesWithout(muted: readonly string[]): Preferences {
  return Object.fromEntries(notificationKinds.map((kind) => [kind, !muted.includes(kind)])) as Preferences
}
