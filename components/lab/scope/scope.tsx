'use client'
import type { Scenario } from '#server/protocol/lab.ts'
import { ScopeTall } from './scope-tall.tsx'
import type { ScopeView } from './scope-view.ts'
import { ScopeWide } from './scope-wide.tsx'
import { useScopeFigures } from './use-scope-figures.ts'

/** The live scope: the log and this page's four lanes over the last 15 s. Without lanes it is drawn empty. */
export function Scope({ scope, scenario }: { scope: ScopeView | undefined; scenario: Scenario }) {
  const figures = useScopeFigures(scope)
  return (
    <section aria-label="Scope" className="min-w-0">
      <ScopeWide {...{ scope, scenario, figures }} />
      <ScopeTall {...{ scope, scenario, figures }} />
    </section>
  )
}
