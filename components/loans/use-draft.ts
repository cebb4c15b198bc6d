'use client'
import { useCallback, useEffect, useState } from 'react'
import { tabStorage } from '#components/live/browser-features.ts'
import { newKey } from '#components/live/send-json.ts'
import { keepDraft, keptDraft, type LoanDraft } from './loan-draft.ts'

const blank: LoanDraft = { amount: '', currency: 'EUR', purpose: '', term: '36', key: '' }

/** The application being written, kept over reloads. Its key is made once per fill, in the browser. */
export function useDraft(userId: string) {
  const [draft, setDraft] = useState(blank)
  useEffect(() => {
    // Somebody quick may have begun to write already: what stands in the fields wins over what was kept.
    setDraft((before) => (before === blank && keptDraft(tabStorage, userId)) || { ...before, key: newKey() })
  }, [userId])
  useEffect(() => {
    if (draft.key !== '') keepDraft(tabStorage, userId, draft)
  }, [draft, userId])
  const change = useCallback((part: Partial<LoanDraft>) => setDraft((before) => ({ ...before, ...part })), [])
  return [draft, change] as const
}
