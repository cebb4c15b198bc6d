import { MigrationChanged, MigrationUnfinished, NotUnicode } from '#prisma/migrate.ts'
import { RedisUnusable } from '#server/backplane/redis-errors.ts'
import { PostgresDidNotStart } from '#server/database/embedded/launch.ts'
import { EmbeddedInUse } from '#server/database/embedded.ts'
import { DatabaseUnusable } from '#server/database/unusable.ts'
import { BadEnvironment } from '#server/env.ts'
import { KafkaUnusable } from '#server/kafka/kafka-unusable.ts'
import { CannotListen } from '#server/listening.ts'
import { BuildFailed } from '#server/web/build.ts'

const refusals = [
  BadEnvironment,
  CannotListen,
  DatabaseUnusable,
  EmbeddedInUse,
  KafkaUnusable,
  PostgresDidNotStart,
  BuildFailed,
  MigrationChanged,
  MigrationUnfinished,
  NotUnicode,
  RedisUnusable,
]

/** Whether an error at start is reported by its message alone, because that is all the operator needs. */
export function isPlainRefusal(error: unknown): error is Error {
  return refusals.some((refusal) => error instanceof refusal)
}
