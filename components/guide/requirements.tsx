'use client'

import { type ReactNode, useId } from 'react'
import { laneNames } from '#components/lab/report/report-words.ts'
import { Lane } from '#components/lane/lane.tsx'
import { Choice } from '#components/ui/choice.tsx'
import { Select } from '#components/ui/field.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { SectionHead } from '#components/ui/section-head.tsx'
import { type Answers, answerNames, examples, isInRange, type NumberName } from './answers.ts'
import type { Fit } from './decide.ts'
import { nameOf } from './guide-words.ts'
import { NumberInput } from './number-input.tsx'
import { type Platform, platforms } from './platforms.ts'
import * as ask from './questions.ts'
import type { AnswersView } from './use-answers.ts'

/** The questions, each with its answer or default. */
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
      <Row asks="Can the server hold connections?">
        <Choice
          label="Can the server hold connections?"
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

/**
 * For layouts that show the recommendation below the questions: a strip at the bottom of the window with the current
 * one and a link to it.
 */
function AnswerStrip({ best }: { best: Fit }) {
  return (
    <a
      href="#recommendation"
      className="sticky bottom-(--tabs) z-10 -mx-(--page-x) flex h-11 items-center gap-3 border-y border-line-strong bg-bg px-(--page-x) text-ui xl:hidden"
    >
      <Lane kind={laneNames[best.lane].kind} width={28} />
      <span className="flex-1 font-semibold">{nameOf(best.lane)}</span>
      <span className="type-data">{best.score}</span>
      <Icon name="down" className="text-ink-2" />
    </a>
  )
}

/** The platform's limits as its owner states them, each with date and source. */
function PlatformLimits({ platform }: { platform: Platform }) {
  return (
    <ul aria-label={`Limits of ${platforms[platform].name}`} className="mt-3 space-y-1.5 text-ui text-ink-2">
      {platforms[platform].limits.map(({ says, asOf, source }) => (
        <li key={says} className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-4">
          <span>
            {says}{' '}
            <a href={source} rel="noreferrer" className="link">
              source
            </a>
          </span>
          <span className="type-data leading-5 text-ink-3">{asOf}</span>
        </li>
      ))}
    </ul>
  )
}

/** Four sets of answers to start from: this app's use cases. */
function Examples({ answers, change }: Pick<AnswersView, 'answers' | 'change'>) {
  return (
    <p className="flex min-h-12.5 flex-wrap items-center gap-x-4 gap-y-1 border-b border-line py-2 text-ui text-ink-2">
      <span>Start with</span>
      {examples.map((example) => (
        <button
          key={example.name}
          type="button"
          aria-pressed={isSame(answers, example.answers)}
          onClick={() => change(example.answers)}
          className="link aria-pressed:border-ink aria-pressed:font-semibold aria-pressed:text-ink max-md:py-2"
        >
          {example.name}
        </button>
      ))}
    </p>
  )
}

function isSame(one: Answers, other: Answers): boolean {
  return answerNames.every((name) => one[name] === other[name])
}
