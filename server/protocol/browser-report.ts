import { z } from 'zod'
import { deliveryNames } from './lab.ts'
import { latencyEdgesMs } from './lab-distribution.ts'
import type { BrowserReport } from './lab-report.ts'
import { text } from './text-schemas.ts'

const count = z.int().min(0)
const ms = z.number().min(0).nullable()
const buckets = latencyEdgesMs.length - 1

const distribution = z.strictObject({
  count,
  p50Ms: ms,
  p95Ms: ms,
  p99Ms: ms,
  maxMs: ms,
  counts: z.array(count).max(buckets),
})

const ledger = z.strictObject({
  expected: count,
  received: count,
  lost: count,
  late: count,
  repeated: count,
  outOfOrder: count,
  declared: count,
  altered: count,
  onTheWay: count,
})

const lane = z.strictObject({
  latency: distribution,
  ledger,
  requests: count,
  empty: count,
  reconnects: count,
  bytesUp: count,
  bytesDown: count,
})

/** A browser's results for its lanes, sent by its page at the end. */
export const browserReportSchema = z.strictObject({
  agent: text(500),
  lanes: z.partialRecord(z.enum(deliveryNames), lane),
  mainThreadShare: z.number().min(0).max(1).nullable(),
}) satisfies z.ZodType<BrowserReport>
