'use client'
import { useNow } from '#components/live/use-now.ts'
import { SectionHead } from '#components/ui/section-head.tsx'
import type { Decision, WireLoan, WireLoanList } from '#server/protocol.ts'
import { DeskRow } from './desk-row.tsx'

type DeskListProps = {
  title: string
  empty: string
  list: WireLoanList
  choices: readonly { decision: Decision['decision']; label: string }[]
  onChoose: (loan: WireLoan, decision: Decision['decision']) => void
}

/** One pile of the desk, the longest waiting first. */
export function DeskList({ title, empty, list, choices, onChoose }: DeskListProps) {
  const nowMs = useNow(1_000)
  const loans = list.items.toSorted((a, b) => waitingSince(a).localeCompare(waitingSince(b)))
  return (
    <section aria-label={title} className="mt-7">
      <SectionHead title={title} note={`${loans.length}${list.nextBefore === null ? '' : '+'}`} />
      {loans.length === 0 ? (
        <p className="py-4 text-ui text-ink-2">{empty}</p>
      ) : (
        <ul aria-label={title}>
          {loans.map((loan) => (
            <DeskRow
              key={loan.id}
              loan={loan}
              nowMs={nowMs}
              choices={choices}
              onChoose={(decision) => onChoose(loan, decision)}
            />
          ))}
        </ul>
      )}
    </section>
  )
}

function waitingSince({ stages, createdAt }: WireLoan): string {
  return stages.at(-1)?.at ?? createdAt
}
