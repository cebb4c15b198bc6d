'use client'
import { useSearchParams } from 'next/navigation'
import { type AnswerName, type Answers, readAnswers } from './answers.ts'
import { type PlanInputs, planInputsOf } from './plan-inputs.ts'

/** What the URL may store: an answer, or an input of the planner. */
type AddressChange = Partial<Answers> & Partial<PlanInputs>

export type AnswersView = {
  answers: Answers
  /** The answers given, as opposed to defaults. */
  said: readonly AnswerName[]
  inputs: PlanInputs
  /** Writes to the URL, which can be shared and left with the back button; `quietly` replaces the history entry. */
  change: (change: AddressChange, quietly?: boolean) => void
  addressWith: (change: AddressChange) => string
}

/** The answers, stored in the URL and nowhere else. */
export function useAnswers(): AnswersView {
  const address = new URLSearchParams(useSearchParams().toString())
  const { answers, said } = readAnswers(address)
  const addressWith = (changed: AddressChange) => {
    const next = new URLSearchParams(address)
    for (const [name, value] of Object.entries(changed)) next.set(name, String(value))
    return `?${next}`
  }
  const change = (changed: AddressChange, quietly = false) => {
    if (quietly) window.history.replaceState(null, '', addressWith(changed))
    else window.history.pushState(null, '', addressWith(changed))
  }
  return { answers, said, inputs: planInputsOf(answers, address), change, addressWith }
}
