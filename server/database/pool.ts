import { PrismaPg } from '@prisma/adapter-pg'
import type pg from 'pg'
import { PrismaClient } from '#prisma/generated/client.ts'
import { type ClientConfig, Pool } from './client.ts'

export type Database = { prisma: PrismaClient; pool: pg.Pool; close(): Promise<void> }

type Options = {
  maxConnections?: number
  silentMs?: number
  connectWithinMs?: number
  transactionMs?: number
  /** Connections that nobody uses do not keep the process. */
  endsWithProcess?: boolean
}

/** Opens the one pool of this process, which Prisma, better-auth and the job queue share. Connects lazily. */
export function openDatabase(url: string, options: Options = {}): Database {
  const config: pg.PoolConfig & ClientConfig = {
    connectionString: url,
    max: options.maxConnections ?? 12,
    connectionTimeoutMillis: options.connectWithinMs ?? 3_000,
    idleTimeoutMillis: 30_000,
    allowExitOnIdle: options.endsWithProcess ?? false,
    ...(options.silentMs && { silentMs: options.silentMs }),
  }
  const pool = new Pool(config)
  const prisma = new PrismaClient({
    adapter: new PrismaPg(pool),
    transactionOptions: {
      maxWait: options.connectWithinMs ?? 3_000,
      timeout: options.transactionMs ?? 10_000,
    },
  })
  return {
    prisma,
    pool,
    async close() {
      await prisma.$disconnect()
      if (!pool.ended) await pool.end()
    },
  }
}
