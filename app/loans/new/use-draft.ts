'use client'
import { useCallback, useEffect, useState } from 'react'
import { newKey } from '#components/live/send-json.ts'
import { keepDraft, keptDraft, type LoanDraft } from '#components/loan-status/loan-draft.ts'

const blank: LoanDraft = { amount: '', currency: 'EUR', purpose: '', term: '36', key: '' }

/** The application being written, kept over reloads. Its key is made once per fill, in the browser. */
export function useDraft() {
  const [draft, setDraft] = useState(blank)
  useEffect(() => {
    // Somebody quick may have begun to write already: what stands in the fields wins over what was kept.
    setDraft((before) => (before === blank && keptDraft(sessionStorage)) || { ...before, key: newKey() })
  }, [])
  useEffect(() => {
    if (draft.key !== '') keepDraft(sessionStorage, draft)
  }, [draft])
  const change = useCallback((part: Partial<LoanDraft>) => setDraft((before) => ({ ...before, ...part })), [])
  return [draft, change] as const
}
