import type { TrapArm, TrapReport } from '#server/protocol/lab-report.ts'
import { Section } from './section.tsx'

/** A trap that was run: what was observed in the arm that falls into it, and in the one that avoids it. */
export function TrapFigures({ report: { failing, working, also } }: { report: TrapReport }) {
  return (
    <div className="grid gap-x-12 gap-y-10 lg:grid-cols-2">
      <Arm title="Naive" arm={failing} />
      <Arm title="As in this app" arm={working} />
      {also && <Arm title="Another way around" arm={also} />}
    </div>
  )
}

function Arm({ title, arm }: { title: string; arm: TrapArm }) {
  return (
    <Section title={`${title}: ${arm.title}`}>
      <p className={`py-2 text-ui font-semibold ${arm.fell ? 'text-danger' : ''}`}>
        {arm.fell ? 'Hit the problem.' : 'Avoided the problem.'}
      </p>
      <ul className="space-y-2 text-ui text-ink-2">
        {arm.seen.map((fact) => (
          <li key={fact} className="border-t border-line pt-2 first:border-0 first:pt-0">
            {fact}
          </li>
        ))}
      </ul>
    </Section>
  )
}
