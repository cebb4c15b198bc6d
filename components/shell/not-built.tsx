import { LaneFate } from '#components/lane/lane-fate.tsx'
import { Stack } from '#components/lane/stack.tsx'
import { ButtonLink } from '#components/ui/button-link.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { StateBlock } from '#components/ui/state-block.tsx'
import type { Destination } from './destinations.ts'

/** A destination that does not exist: says so, says what it will be, and leads to what does exist. */
export function NotBuilt({ place, children }: { place: Destination; children: string }) {
  return (
    <div className="page-x pt-8 pb-16 md:pt-12">
      <p className="type-label mb-8">not built yet</p>
      <StateBlock
        level={1}
        drawing={
          place.kind ? (
            <LaneFate kind={place.kind} fate="hollow" />
          ) : (
            <Stack width={320} className="max-w-full text-field" />
          )
        }
        title={place.title}
        actions={
          <ButtonLink href="/loans">
            What is built: loans and payments <Icon name="arrow-right" />
          </ButtonLink>
        }
      >
        {children}
      </StateBlock>
    </div>
  )
}
