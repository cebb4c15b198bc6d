import { Prisma } from '#prisma/generated/client.ts'

/** What is said of the next step of loans and payments, brought back with the jobs that take it. */
export async function pullInSteps(
  db: Pick<Prisma.TransactionClient, '$executeRaw'>,
  longestMs: number,
): Promise<void> {
  const longest = Prisma.sql`make_interval(secs => ${longestMs}::float8 / 1000)`
  await db.$executeRaw`UPDATE loan SET "dueAt" = now() + ${longest} WHERE "dueAt" > now() + ${longest}`
  await db.$executeRaw`UPDATE payment SET "dueAt" = now() + ${longest} WHERE "dueAt" > now() + ${longest}`
}
