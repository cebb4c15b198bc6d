'use client'
import { useSearchParams } from 'next/navigation'
import { type AnswerName, type Answers, readAnswers } from './answers.ts'
import { type PlanInputs, planInputsOf } from './plan-inputs.ts'

/** What the address may keep: an answer, or what the planner counts with. */
type AddressChange = Partial<Answers> & Partial<PlanInputs>

export type AnswersView = {
  answers: Answers
  /** Those that were given, and not assumed. */
  said: readonly AnswerName[]
  inputs: PlanInputs
  /** Writes into the address, which can then be shared, and left by the back button; `quietly` in place of what it was. */
  change: (change: AddressChange, quietly?: boolean) => void
  addressWith: (change: AddressChange) => string
}

/** The answers, kept in the address and nowhere else. */
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
