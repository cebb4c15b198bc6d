'use client'
import { useState } from 'react'
import type { ScopeFigures, ScopeView } from '#components/lab/scope/scope-view.ts'
import { useScopeFigures } from '#components/lab/scope/use-scope-figures.ts'
import { Lane } from '#components/lane/lane.tsx'
import { Button } from '#components/ui/button.tsx'
import { formatCount } from '#components/ui/format.ts'
import { SectionHead } from '#components/ui/section-head.tsx'
import { deliveryNames } from '#server/protocol/lab.ts'
import { laneNames } from '../report/report-words.ts'
import type { EnteredLanes } from './enter-lanes.ts'
import { WireLines } from './wire-lines.tsx'

/** What passed on each lane's wire, byte for byte, with the followed entry marked in all four. */
export function Wires({ scope, entered }: { scope: ScopeView; entered: EnteredLanes }) {
  const [open, setOpen] = useState(true)
  const figures = useScopeFigures(scope)
  const followed = figures?.followed
  return (
    <section className="min-w-0">
      <SectionHead title="On the wire" note={open ? noteOf(figures) : undefined}>
        <Button small look="quiet" aria-expanded={open} onClick={() => setOpen(!open)} className="ml-auto">
          {open ? 'Hide' : 'Show'}
        </Button>
      </SectionHead>
      {open && (
        <div className="grid gap-x-6 gap-y-8 pt-4 md:grid-cols-2 xl:grid-cols-4">
          {deliveryNames.map((lane) => (
            <section key={lane} aria-label={`${laneNames[lane].name} on the wire`} className="min-w-0">
              <h3 className="flex items-center gap-3 pb-2 text-ui font-semibold">
                <Lane kind={laneNames[lane].kind} width={28} />
                {laneNames[lane].name}
              </h3>
              <WireLines
                lane={lane}
                record={entered.lanes[lane]}
                followed={followed}
                isLive={scope.isLive()}
              />
            </section>
          ))}
        </div>
      )}
    </section>
  )
}

function noteOf(figures: ScopeFigures | undefined): string {
  const followed = figures?.followed
  if (followed === undefined) return 'byte for byte, as this page sees it'
  return `entry ${formatCount(followed)} marked in all four, byte for byte, as this page sees it`
}
