import type { Metadata } from 'next'
import { trapGroups } from '#components/lab/traps/trap-groups.ts'
import { TrapIndex } from '#components/lab/traps/trap-index.tsx'
import { TrapRunsProvider } from '#components/lab/traps/trap-runs.tsx'
import { TrapSection } from '#components/lab/traps/trap-section.tsx'
import { ButtonLink } from '#components/ui/button.tsx'

export const metadata: Metadata = { title: 'Traps' }

const named = trapGroups.map(({ title, traps }) => ({
  title,
  traps: traps.map(({ name, title }) => ({ name, title })),
}))

/** Fifteen well-known traps: what happens, why, and both arms to run. */
export default function Traps() {
  return (
    <div className="page-x pt-8 pb-16">
      <header className="flex flex-wrap items-start justify-between gap-4 pb-8">
        <div className="max-w-[856px]">
          <h1 className="type-title">Traps</h1>
          <p className="mt-2 text-lead text-ink-2 text-pretty">
            Common pitfalls of real-time delivery. For each: what happens and why, the lines of code that
            cause it, and the lines that avoid it. Press Run to execute both on this machine.
          </p>
        </div>
        <ButtonLink href="/lab">The lab</ButtonLink>
      </header>
      <TrapRunsProvider>
        <div className="grid gap-x-8 lg:grid-cols-[264px_minmax(0,1fr)]">
          <TrapIndex groups={named} />
          <div>
            {trapGroups
              .flatMap(({ traps }) => traps)
              .map((trap) => (
                <TrapSection key={trap.name} trap={trap} />
              ))}
          </div>
        </div>
      </TrapRunsProvider>
    </div>
  )
}
