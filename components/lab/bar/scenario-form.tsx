'use client'
import type { ReactNode } from 'react'
import { laneNames } from '#components/lab/report/report-words.ts'
import { Field, Select } from '#components/ui/field.tsx'
import { Form } from '#components/ui/form.tsx'
import { type DeliveryName, deliveryNames } from '#server/protocol/lab.ts'
import type { Network } from '#server/protocol/lab-schemas.ts'
import {
  type LineField,
  lineFields,
  type RateUnit,
  rateUnits,
  type ScenarioDraft,
  type ScenarioErrors,
} from './scenario-draft.ts'

type Props = {
  id: string
  draft: ScenarioDraft
  errors: ScenarioErrors
  onChange: (draft: ScenarioDraft) => void
  onSubmit: () => void
}

/** Every field of a scenario, with its unit and error. */
export function ScenarioForm({ id, draft, errors, onChange, onSubmit }: Props) {
  const set = (part: Partial<ScenarioDraft>) => onChange({ ...draft, ...part })
  const text = (
    name: 'rate' | 'burst' | 'payloadBytes' | 'seconds' | 'pollSeconds',
    path: string = name,
  ) => ({
    ...{ value: draft[name], error: errors[path], inputMode: 'decimal' as const, mono: true },
    onChange: (event: { target: { value: string } }) => set({ [name]: event.target.value }),
  })
  return (
    <Form
      id={id}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        onSubmit()
      }}
      className="grid gap-x-12 gap-y-6 py-5 lg:grid-cols-3"
    >
      <Group title="Events">
        <Field label="Events" {...text('rate', 'eventsPerSecond')} />
        <Select
          label="each"
          value={draft.per}
          onChange={(event) => set({ per: event.target.value as RateUnit })}
        >
          {Object.keys(rateUnits).map((unit) => (
            <option key={unit} value={unit}>
              per {unit}
            </option>
          ))}
        </Select>
        <Field label="At once" hint="The average rate stays the same." unit="events" {...text('burst')} />
        <Field label="Payload" unit="bytes" {...text('payloadBytes')} />
        <Field label="For" unit="s" {...text('seconds')} />
      </Group>
      <Group title="Clients">
        {deliveryNames.map((lane) => (
          <ClientsField key={lane} {...{ lane, draft, errors, onChange }} />
        ))}
        <Field label="Poll every" unit="s" {...text('pollSeconds', 'pollMs')} />
      </Group>
      <Group title="Network">
        <Select
          label="Network"
          className="col-span-2"
          hint={networks[draft.network].does}
          value={draft.network}
          onChange={(event) => set({ network: event.target.value as Network['kind'] })}
        >
          {Object.entries(networks).map(([kind, { name }]) => (
            <option key={kind} value={kind}>
              {name}
            </option>
          ))}
        </Select>
        {lineFields[draft.network].map((field: LineField) => (
          <Field
            key={field}
            {...lineWords[field]}
            mono
            inputMode="numeric"
            value={draft.line[field]}
            error={errors[`network.${field}`]}
            onChange={(event) => set({ line: { ...draft.line, [field]: event.target.value } })}
          />
        ))}
      </Group>
    </Form>
  )
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <fieldset className="min-w-0">
      <legend className="type-section pb-2">{title}</legend>
      <div className="grid grid-cols-2 items-start gap-x-4 gap-y-3">{children}</div>
    </fieldset>
  )
}

function ClientsField({
  lane,
  draft,
  errors,
  onChange,
}: Pick<Props, 'draft' | 'errors' | 'onChange'> & { lane: DeliveryName }) {
  return (
    <Field
      label={laneNames[lane].name}
      unit="clients"
      mono
      inputMode="numeric"
      value={draft.clients[lane]}
      error={errors[`clients.${lane}`]}
      onChange={(event) => onChange({ ...draft, clients: { ...draft.clients, [lane]: event.target.value } })}
    />
  )
}

const networks: Record<Network['kind'], { name: string; does: string }> = {
  clean: { name: 'Clean', does: 'No added delay or faults.' },
  slow: { name: 'Slow', does: 'Every chunk is delayed in both directions and stays in order.' },
  cut: { name: 'Cut', does: 'All connections are reset at intervals, and new ones are refused for a while.' },
  freeze: { name: 'Frozen', does: 'Once, traffic stops without any connection being closed.' },
  buffering: { name: 'Buffering proxy', does: 'Buffers each response until it ends or reaches 64 KB.' },
  'idle-timeout': { name: 'Idle timeout', does: 'Resets connections that have been idle for too long.' },
}

const lineWords: Record<LineField, { label: string; unit: string }> = {
  delayMs: { label: 'Delay', unit: 'ms' },
  jitterMs: { label: 'Jitter', unit: 'ms' },
  everySeconds: { label: 'Every', unit: 's' },
  forMs: { label: 'For', unit: 'ms' },
  atSeconds: { label: 'At', unit: 's' },
  forSeconds: { label: 'For', unit: 's' },
  seconds: { label: 'After', unit: 's' },
}
