'use client'

import { useEffect, useState } from 'react'
import { statusNames } from '#components/loans/loan-stages.ts'
import { Field, Select } from '#components/ui/field.tsx'
import { loanStatuses } from '#server/protocol/loans.ts'

/** Parameters of `GET /api/loans`; unset ones are absent. */
export type LoanFilter = { q?: string; status?: string }
export const noFilter: LoanFilter = {}

/** How long typing must pause, in ms, before the server is queried. */
const settledMs = 250
/** What the server accepts as the beginning of a name, handle or id. */
const searchable = /^[\p{L}\p{M}\p{N} .'’-]{1,40}$/u

/** Search by borrower or loan id, and one status. */
export function LoanFilters({ onChange }: { onChange: (filter: LoanFilter) => void }) {
  const [text, setText] = useState('')
  const [status, setStatus] = useState('')
  const q = text.trim()
  const wrong = q !== '' && !searchable.test(q)

  useEffect(() => {
    if (wrong) return
    const filter = { ...(q && { q }), ...(status && { status }) }
    const timer = setTimeout(() => onChange(q || status ? filter : noFilter), settledMs)
    return () => clearTimeout(timer)
  }, [q, status, wrong, onChange])

  return (
    <search className="grid gap-3 pb-5 md:grid-cols-[minmax(0,320px)_200px]">
      <Field
        label="Search"
        type="search"
        placeholder="Borrower or loan ID"
        autoComplete="off"
        value={text}
        onChange={(event) => setText(event.target.value)}
        error={wrong ? 'Use letters, digits, spaces and hyphens, up to 40' : undefined}
      />
      <Select label="Status" value={status} onChange={(event) => setStatus(event.target.value)}>
        <option value="">Any</option>
        {loanStatuses.map((one) => (
          <option key={one} value={one}>
            {statusNames[one]}
          </option>
        ))}
      </Select>
    </search>
  )
}
