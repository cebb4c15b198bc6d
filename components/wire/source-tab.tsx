import type { LaneKind } from '#components/lane/lane-kind.ts'
import { sourceFile, sourceText } from './source-file.ts'
import { browserHalves, deliveries, protocolPath } from './source-list.ts'
import { rulesOf } from './source-rules.ts'
import { SourceView } from './source-view.tsx'
import type { PageLane } from './wire-frame.tsx'

/** The very files of this repository that do it, and the rules they keep, read as they stand; first those of `lane`. */
export async function SourceTab({ lane = 'short' }: { lane?: PageLane }) {
  const protocol = await sourceText(protocolPath)
  const files = await Promise.all(
    deliveries.map(async ({ lane, rules, ...entry }) => {
      const file = await sourceFile(entry)
      return file && { lane, file, browser: await browserHalfOf(lane), rules: rulesOf(protocol, rules) }
    }),
  )
  return <SourceView first={lane} deliveries={files.filter((delivery) => delivery !== undefined)} />
}

async function browserHalfOf(lane: LaneKind) {
  const half = browserHalves.find(({ lanes }) => lanes.some((own) => own === lane))
  return half && sourceFile(half)
}
