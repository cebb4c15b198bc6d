import type { LaneKind } from '#components/lane/lane-kind.ts'
import { sourceFile, sourceText } from './source-file.ts'
import { besides, browserHalves, deliveries, protocolPath } from './source-list.ts'
import { rulesOf } from './source-rules.ts'
import { SourceView } from './source-view.tsx'
import type { PageLane } from './wire-frame.tsx'

/** The very files of this repository that do it, and the rules they keep, read as they stand; first those of `lane`. */
export async function SourceTab({ lane = 'short' }: { lane?: PageLane }) {
  const protocol = await sourceText(protocolPath)
  const files = await Promise.all(
    deliveries.map(async ({ lane, rules, ...entry }) => {
      const file = await sourceFile(entry)
      const [others, browser] = await Promise.all([besidesOf(lane), browserHalfOf(lane)])
      return file && { lane, file, besides: others, browser, rules: rulesOf(protocol, rules) }
    }),
  )
  return <SourceView first={lane} deliveries={files.filter((delivery) => delivery !== undefined)} />
}

async function besidesOf(lane: LaneKind) {
  const files = await Promise.all(besides.filter((own) => own.lane === lane).map((own) => sourceFile(own)))
  return files.filter((file) => file !== undefined)
}

async function browserHalfOf(lane: LaneKind) {
  const half = browserHalves.find(({ lanes }) => lanes.some((own) => own === lane))
  return half && sourceFile(half)
}
