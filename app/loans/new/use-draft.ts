'use client'
import { useEffect, useState } from 'react'
import { keepDraft, keptDraft, type LoanDraft } from '#components/loan-status/loan-draft.ts'
import { newKey } from '#components/loan-status/send-json.ts'

/** The application being written, kept over reloads. Its key is made once per fill, in the browser. */
export function useDraft() {
  const [draft, setDraft] = useState<LoanDraft>({
    amount: '',
    currency: 'EUR',
    purpose: '',
    term: '36',
    key: '',
  })
  useEffect(() => {
    setDraft((blank) => keptDraft(sessionStorage) ?? { ...blank, key: newKey() })
  }, [])
  const change = (part: Partial<LoanDraft>) => {
    const next = { ...draft, ...part }
    setDraft(next)
    keepDraft(sessionStorage, next)
  }
  return [draft, change] as const
}
