'use client'
import { useState } from 'react'
import { Icon } from '#components/ui/icon.tsx'
import type { Exchange } from './exchange.ts'
import { WireRow } from './wire-row.tsx'

const head = 'type-label h-7 font-normal whitespace-nowrap'

/** The recorded exchanges, newest first; one row at a time is open. */
export function WireList({ exchanges }: { exchanges: readonly Exchange[] }) {
  const [openId, setOpenId] = useState<number>()
  return (
    <table className="w-full border-collapse" aria-label="Requests of this page, newest first">
      <thead>
        <tr className="border-y border-line-strong">
          <th scope="col" className={`${head} pl-(--wire-x) text-left`}>
            time
          </th>
          <th scope="col" className={`${head} px-3 text-left`}>
            status
          </th>
          <th scope="col" className={`${head} text-left`}>
            request
          </th>
          <th scope="col" className={`${head} pr-3 text-right max-md:hidden`}>
            <Arrow name="up" label="bytes sent" />
          </th>
          <th scope="col" className={`${head} pr-3 text-right`}>
            <Arrow name="down" label="bytes received" />
          </th>
          <th scope="col" className={`${head} pr-(--wire-x) text-right`}>
            ms
          </th>
        </tr>
      </thead>
      <tbody>
        {exchanges.toReversed().map((exchange) => (
          <WireRow
            key={exchange.id}
            exchange={exchange}
            open={exchange.id === openId}
            onToggle={() => setOpenId(exchange.id === openId ? undefined : exchange.id)}
          />
        ))}
      </tbody>
    </table>
  )
}

function Arrow({ name, label }: { name: 'up' | 'down'; label: string }) {
  return (
    <span className="flex items-center justify-end gap-0.5">
      <Icon name={name} className="scale-75" />
      <span aria-hidden>B</span>
      <span className="sr-only">{label}</span>
    </span>
  )
}
