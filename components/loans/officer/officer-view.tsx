'use client'

import { useState } from 'react'
import { SectionHead } from '#components/ui/section-head.tsx'
import { useLate } from '#components/ui/use-late.ts'
import type { WireLoan } from '#server/protocol/loans.ts'
import type { Decision } from '#server/protocol/loans-schemas.ts'
import type { Viewer } from '#server/protocol/people.ts'
import { Assessment } from './assessment.tsx'
import { CaseButtons } from './case-buttons.tsx'

const decisionDialog = () => import('./decision-dialog.tsx').then(({ DecisionDialog }) => DecisionDialog)

type OfficerViewProps = { loan: WireLoan; viewer: Viewer; onMoved: () => void }

/** An officer's additional view of a loan: the basis of the decision, and the decision while one is due. */
export function OfficerView({ loan, viewer, onMoved }: OfficerViewProps) {
  const [decision, setDecision] = useState<Decision['decision']>()
  const DecisionDialog = useLate(decisionDialog, decision !== undefined)
  return (
    <section aria-label="Case" className="mt-6">
      <SectionHead title="Case" note={loan.officer ? `taken by ${loan.officer.name}` : undefined} />
      <Assessment loan={loan} />
      <div className="mt-3 flex flex-wrap gap-2">
        <CaseButtons loan={loan} viewer={viewer} onChoose={setDecision} onMoved={onMoved} />
      </div>
      {decision && DecisionDialog && (
        <DecisionDialog
          loan={loan}
          decision={decision}
          assessed
          onClose={() => setDecision(undefined)}
          onMoved={onMoved}
        />
      )}
    </section>
  )
}
