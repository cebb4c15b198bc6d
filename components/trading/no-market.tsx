import { LaneFate } from '#components/lane/lane-fate.tsx'
import { ButtonLink } from '#components/ui/button-link.tsx'
import { StateBlock } from '#components/ui/state-block.tsx'

/** Nothing is traded: no instrument has a price yet. */
export function NoMarket() {
  return (
    <div className="page-x pt-8 pb-16 md:pt-12">
      <StateBlock
        level={1}
        drawing={<LaneFate kind="ws" fate="hollow" />}
        title="The market has no prices yet"
        actions={<ButtonLink href="/trading">Look again</ButtonLink>}
      >
        Orders can’t be placed until the first prices come.
      </StateBlock>
    </div>
  )
}
