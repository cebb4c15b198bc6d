'use client'
import { type ReactNode, useId } from 'react'
import { Choice } from '#components/ui/choice.tsx'
import { SectionHead } from '#components/ui/section-head.tsx'
import { Select } from '#components/ui/select.tsx'
import { AnswerStrip } from './answer-strip.tsx'
import { type Answers, answerNames, isInRange, type NumberName } from './answers.ts'
import type { Fit } from './decide.ts'
import { Examples } from './examples.tsx'
import { NumberInput } from './number-input.tsx'
import { PlatformLimits } from './platform-limits.tsx'
import { platforms } from './platforms.ts'
import * as ask from './questions.ts'
import type { AnswersView } from './use-answers.ts'

/** The questions, each with what was answered or is assumed. */
export function Requirements({ view, best }: { view: AnswersView; best: Fit }) {
  const { answers, said, change } = view
  const functions = answers.hosting !== 'servers'
  const rows = (...questions: readonly ask.Question[]) =>
    questions.map((question) => <ChoiceRow key={question.name} question={question} view={view} />)
  return (
    <section aria-label="Your requirements">
      <SectionHead
        title="Your requirements"
        note={`${said.length} of ${answerNames.length} answered · defaults used for the rest`}
      />
      <Examples answers={answers} change={change} />
      {rows(ask.speaks, ask.age, ask.changes, ask.missed)}
      <NumberRow name="people" view={view} />
      <NumberRow name="tabs" view={view} />
      <NumberRow name="bytes" view={view} />
      {rows(ask.proxies, ask.legacy)}
      <Row asks="Can the server keep connections?">
        <Choice
          label="Can the server keep connections?"
          options={[
            { value: 'yes', label: 'Yes' },
            { value: 'no', label: 'No, functions only' },
          ]}
          value={functions ? 'no' : 'yes'}
          onChange={(value) => change({ hosting: value === 'yes' ? 'servers' : 'lambda' })}
        />
      </Row>
      {answers.hosting !== 'servers' && (
        <div className="border-b border-line py-3">
          <Select
            label={ask.hosting.asks}
            value={answers.hosting}
            onChange={({ target }) => change({ hosting: target.value as Answers['hosting'] })}
          >
            {Object.entries(platforms).map(([value, { name }]) => (
              <option key={value} value={value}>
                {name}
              </option>
            ))}
          </Select>
          <PlatformLimits platform={answers.hosting} />
        </div>
      )}
      {rows(ask.http2, ask.team)}
      <AnswerStrip best={best} />
    </section>
  )
}

function ChoiceRow({ question, view }: { question: ask.Question; view: AnswersView }) {
  const { name, asks, choices } = question
  return (
    <Row asks={asks}>
      <Choice
        label={asks}
        options={Object.entries(choices).map(([value, { label }]) => ({ value, label }))}
        value={view.answers[name]}
        onChange={(value) => view.change({ [name]: value })}
      />
    </Row>
  )
}

function NumberRow({ name, view }: { name: NumberName; view: AnswersView }) {
  const id = useId()
  const { asks, unit } = ask.numberQuestions[name]
  return (
    <Row asks={asks} htmlFor={id}>
      <NumberInput
        id={id}
        value={view.answers[name]}
        isValid={(value) => isInRange(name, value)}
        onNumber={(value, again) => view.change({ [name]: value }, again)}
        unit={unit}
        className="w-32"
      />
    </Row>
  )
}

function Row({ asks, htmlFor, children }: { asks: string; htmlFor?: string; children: ReactNode }) {
  const Asks = htmlFor ? 'label' : 'span'
  return (
    <div className="flex min-h-12.5 flex-wrap items-center justify-between gap-x-4 gap-y-2 border-b border-line py-2 max-md:py-3">
      <Asks htmlFor={htmlFor} className="text-[14px]">
        {asks}
      </Asks>
      {children}
    </div>
  )
}
