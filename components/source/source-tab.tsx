import type { LaneKind } from '#components/lane/lane-kind.ts'
import type { PageLane } from '#components/wire/strip-words.tsx'
import { sourceFile, sourceText } from './source-file.ts'
import { besides, browserHalves, deliveries, protocolPath, rulesOf, type SourceEntry } from './source-list.ts'
import { SourceView } from './source-view.tsx'

/** The files of this repository that implement the deliveries, and their rules, as they are; those of `lane` first. */
export async function SourceTab({ lane = 'short' }: { lane?: PageLane }) {
  const protocol = await sourceText(protocolPath)
  const files = await Promise.all(
    deliveries.map(async ({ lane, rules, ...entry }) => {
      const file = await sourceFile(entry)
      return file && { lane, file, others: await othersOf(lane), rules: rulesOf(protocol, rules) }
    }),
  )
  return <SourceView first={lane} deliveries={files.filter((delivery) => delivery !== undefined)} />
}

/** A delivery's further files on the server, then its client in the browser. */
async function othersOf(lane: LaneKind) {
  const own: SourceEntry[] = [
    ...besides.filter((one) => one.lane === lane),
    ...browserHalves.filter(({ lanes }) => lanes.some((one) => one === lane)),
  ]
  const files = await Promise.all(own.map((entry) => sourceFile(entry)))
  return files.filter((file) => file !== undefined)
}
