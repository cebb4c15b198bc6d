import { ButtonLink } from '#components/ui/button-link.tsx'
import { SectionHead } from '#components/ui/section-head.tsx'
import { trapNames } from '#server/protocol/lab.ts'

/** The way from the lab to the page of the traps. */
export function TrapsSection() {
  return (
    <section>
      <SectionHead title="The traps, explained" note="both arms are run, each with its test and its source" />
      <div className="flex flex-wrap items-center justify-between gap-4 py-3">
        <p className="text-ui text-ink-2 text-pretty">
          {trapNames.length} that many have walked into, from the six connections of a browser to the ports
          that run out.
        </p>
        <ButtonLink href="/lab/traps">Look at the traps</ButtonLink>
      </div>
    </section>
  )
}
