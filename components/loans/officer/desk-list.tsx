'use client'
import { useNow } from '#components/live/use-now.ts'
import { useOlderLoans } from '#components/loans/use-older-loans.ts'
import { Button } from '#components/ui/button.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { SectionHead } from '#components/ui/section-head.tsx'
import type { Decision, LoanStatus, WireLoan, WireLoanList } from '#server/protocol/protocol.ts'
import { DeskRow } from './desk-row.tsx'

type DeskListProps = {
  title: string
  empty: string
  status: LoanStatus
  list: WireLoanList
  /** Those that were decided here: what was fetched before may still show them. */
  moved: ReadonlySet<string>
  choices: readonly { decision: Decision['decision']; label: string }[]
  onChoose: (loan: WireLoan, decision: Decision['decision']) => void
}

/** One pile of the desk, the longest waiting first. */
export function DeskList({ title, empty, status, list, moved, choices, onChoose }: DeskListProps) {
  const nowMs = useNow(1_000)
  const older = useOlderLoans(list.nextBefore, status)
  const earlier = older.items.filter(({ id }) => !moved.has(id))
  const known = new Map([...earlier, ...list.items].map((loan) => [loan.id, loan]))
  const loans = [...known.values()].sort((a, b) => waitingSince(a).localeCompare(waitingSince(b)))
  return (
    <section aria-label={title} className="mt-7">
      <SectionHead title={title} note={`${loans.length}${older.more ? '+' : ''}`} />
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
      {older.trouble && (
        <Notice danger className="mt-4">
          {older.trouble === 'unanswered' ? 'No answer came.' : (older.trouble.detail ?? older.trouble.title)}
        </Notice>
      )}
      {older.more && (
        <Button className="mt-4" pending={older.fetching} onClick={older.showMore}>
          Show those who applied earlier
        </Button>
      )}
    </section>
  )
}

function waitingSince({ stages, createdAt }: WireLoan): string {
  return stages.at(-1)?.at ?? createdAt
}
