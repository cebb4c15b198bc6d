'use client'
import { type ReactNode, useId } from 'react'
import { Choice } from '#components/ui/choice.tsx'
import { isInRange } from './answers.ts'
import { NumberInput } from './number-input.tsx'
import { isPlanNumber, type PlanNumber } from './plan-inputs.ts'
import type { AnswersView } from './use-answers.ts'

const fields: readonly { name: PlanNumber; label: string; unit?: string }[] = [
  { name: 'eventsPerSecond', label: 'Events a second, each' },
  { name: 'pollMs', label: 'Polled every', unit: 'ms' },
  { name: 'processMiB', label: 'Memory a process', unit: 'MiB' },
  { name: 'spare', label: 'Kept free', unit: '%' },
  { name: 'files', label: 'Open files a process' },
  { name: 'coresPerNode', label: 'Cores a node' },
]

/** What the planner counts with; people are those of the question above. */
export function PlanFields({ view: { inputs, change } }: { view: AnswersView }) {
  return (
    <div className="grid grid-cols-2 gap-x-4 gap-y-3 md:grid-cols-4">
      <Labelled label="People at the peak">
        {(id) => (
          <NumberInput
            id={id}
            value={inputs.people}
            isValid={(value) => isInRange('people', value)}
            onNumber={(people, again) => change({ people }, again)}
          />
        )}
      </Labelled>
      {fields.map(({ name, label, unit }) => (
        <Labelled key={name} label={label}>
          {(id) => (
            <NumberInput
              id={id}
              value={inputs[name]}
              unit={unit}
              isValid={(value) => isPlanNumber(name, value)}
              onNumber={(value, again) => change({ [name]: value }, again)}
            />
          )}
        </Labelled>
      ))}
      <div>
        <span className="mb-1 block text-ui text-ink-2 font-stretch-[94%]">Everybody hears</span>
        <Choice
          label="Everybody hears"
          options={[
            { value: 'same', label: 'the same' },
            { value: 'own', label: 'their own' },
          ]}
          value={inputs.hears}
          onChange={(hears) => change({ hears })}
          className="max-w-full"
        />
      </div>
    </div>
  )
}

function Labelled({ label, children }: { label: string; children: (id: string) => ReactNode }) {
  const id = useId()
  return (
    <div>
      <label htmlFor={id} className="mb-1 block text-ui text-ink-2 font-stretch-[94%]">
        {label}
      </label>
      {children(id)}
    </div>
  )
}
