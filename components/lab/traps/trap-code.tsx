import type { LaneKind } from '#components/lane/lane-kind.ts'
import { CodeBlock } from '#components/wire/code-block.tsx'
import { sourceFile } from '#components/wire/source-file.ts'
import type { CitedLines } from './trap-text.ts'

/** A few lines of this repository, as they stand, under what they are. */
export async function TrapCode({
  title,
  entry,
  lane,
}: {
  title: string
  entry: CitedLines
  lane?: LaneKind | undefined
}) {
  const file = await sourceFile(entry)
  if (!file?.cited) return null
  return (
    <section className="min-w-0">
      <h3 className="flex min-h-9 flex-wrap items-center justify-between gap-x-4 border-b border-line-strong py-1.5">
        <span className="text-ui font-semibold">{title}</span>
        <span className="type-data wrap-anywhere text-ink-3">{entry.path}</span>
      </h3>
      <CodeBlock file={file} lane={lane} citedOnly className="border-b-0 bg-transparent" />
    </section>
  )
}
