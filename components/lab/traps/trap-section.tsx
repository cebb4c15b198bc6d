import { LaneIcon } from '#components/lane/lane-icon.tsx'
import type { LaneKind } from '#components/lane/lane-kind.ts'
import { CodeBlock } from '#components/source/code-block.tsx'
import { sourceFile } from '#components/source/source-file.ts'
import { RunButton } from './run-button.tsx'
import { TrapSeen } from './trap-seen.tsx'
import type { CitedLines, TrapText } from './trap-text.ts'

/**
 * One trap: what happens and why, the code that falls into it and the code that avoids it, both run, the test, the
 * sources.
 */
export function TrapSection({ trap }: { trap: TrapText }) {
  const { name, lane, title } = trap
  return (
    <article
      id={name}
      aria-labelledby={`${name}-title`}
      className="scroll-mt-16 border-t border-line-strong pt-5 pb-12"
    >
      <header className="flex items-start justify-between gap-4">
        <h2 id={`${name}-title`} className="type-state text-balance">
          {title}
          {lane && (
            <span className="ml-3 inline-block align-middle">
              <LaneIcon kind={lane} width={30} />
            </span>
          )}
        </h2>
        <RunButton trap={name} title={title} />
      </header>
      <div className="mt-3 grid gap-x-10 gap-y-3 text-body text-pretty lg:grid-cols-2">
        <p>{trap.happens}</p>
        <p className="text-ink-2">{trap.why}</p>
      </div>
      <div className="mt-4 grid gap-x-10 lg:grid-cols-2">
        <TrapCode title="The pitfall" entry={trap.fallsIn} lane={lane} />
        <TrapCode title="The fix in this app" entry={trap.wayRound} lane={lane} />
      </div>
      <TrapSeen trap={name} />
      <dl className="type-data mt-3">
        <Row name="Proved by">
          <span className="text-ink-3">{trap.proof.path}</span> {trap.proof.name}
        </Row>
        <Row name="Source">
          {trap.sources.map((source) => (
            <a key={source.href} className="link mr-4" href={source.href} rel="noreferrer">
              {source.name}
            </a>
          ))}
        </Row>
        {trap.notShown && <Row name="Not shown">{trap.notShown}</Row>}
      </dl>
    </article>
  )
}

function Row({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div className="grid gap-x-4 border-t border-line py-1.5 leading-5 md:grid-cols-[96px_1fr]">
      <dt className="text-ink-3">{name}</dt>
      <dd className="wrap-anywhere">{children}</dd>
    </div>
  )
}

/** A few lines of this repository, verbatim, below a title. */
async function TrapCode({
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
