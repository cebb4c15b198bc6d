'use client'

import { useCallback, useEffect, useRef, useState } from 'react'
import { browserClock } from '#components/live/clock.ts'
import { request } from '#components/live/request.ts'
import { formatAmount, formatCount } from '#components/ui/format.ts'
import type { TimeStyle } from '#components/ui/format-time.ts'
import { SkeletonRows } from '#components/ui/skeleton.tsx'
import { Cell, Head, Row, Table } from '#components/ui/table.tsx'
import { Time } from '#components/ui/time.tsx'
import { pageRecorder } from '#components/wire/page-recorder.ts'
import type { Problem } from '#server/protocol/problems.ts'
import type { WireMovement, WireMovementList } from '#server/protocol/trading.ts'
import { signedAmount } from './order-words.ts'
import { ShowMore } from './show-more.tsx'

const dayMs = 86_400_000

/** The movements of the cash, with their amounts; reloaded whenever `version` changes. */
export function History({ version }: { version: string }) {
  const history = useHistory(version)
  return (
    <>
      {history.items ? (
        <Table label="Account history" className="dense-cells">
          <thead>
            <tr>
              <Head>Time</Head>
              <Head>Transaction</Head>
              <Head figure>Amount, €</Head>
              <Head figure>Cash, €</Head>
            </tr>
          </thead>
          <tbody>
            {history.items.map((movement) => (
              <Row key={movement.id}>
                <Cell className="whitespace-nowrap">
                  <Time at={movement.at} style={timeStyle(movement.at)} />
                </Cell>
                <Cell className="whitespace-nowrap">{movementWords(movement)}</Cell>
                <Cell figure>{signedAmount(movement.amountMinor)}</Cell>
                <Cell figure>{formatAmount(movement.balanceMinor)}</Cell>
              </Row>
            ))}
          </tbody>
        </Table>
      ) : (
        !history.trouble && <SkeletonRows rows={3} label="Loading account history" className="" />
      )}
      <ShowMore
        what="transactions"
        more={history.more}
        loading={history.loading}
        trouble={history.trouble}
        onMore={history.showOlder}
      />
    </>
  )
}

/** The time of recent movements, the date of older ones. */
function timeStyle(at: string): TimeStyle {
  return Date.now() - Date.parse(at) < dayMs ? 'second' : 'day'
}

function movementWords({ kind, quantity, symbol, priceMinor }: WireMovement): string {
  if (kind === 'opening') return 'Account opened'
  const shares = quantity === undefined ? '' : ` ${formatCount(quantity)} ${symbol ?? ''}`
  const at = priceMinor === undefined ? '' : ` at ${formatAmount(priceMinor)}`
  return `${kind === 'buy' ? 'Bought' : 'Sold'}${shares}${at}`
}

const wire = { fetch: pageRecorder.fetch, clock: browserClock }

/** The account's movements, newest first, loaded page by page, and from the top whenever `version` changes. */
function useHistory(version: string) {
  const [history, setHistory] = useState<WireMovementList>()
  const [trouble, setTrouble] = useState<Problem | 'unanswered'>()
  const [loading, setLoading] = useState(false)
  const asked = useRef(0)

  const read = useCallback(async (query: string, take: (list: WireMovementList) => void) => {
    const mine = ++asked.current
    setLoading(true)
    const place = { url: `/api/account/history${query}` }
    const answer = await request<WireMovementList>(place, 0, wire, new AbortController().signal)
    // A later request has superseded this response.
    if (mine !== asked.current) return
    setLoading(false)
    if (answer.type === 'changed') {
      setTrouble(undefined)
      take(answer.value)
    } else setTrouble(('problem' in answer && answer.problem) || 'unanswered')
  }, [])

  // biome-ignore lint/correctness/useExhaustiveDependencies: another version is why it is read again
  useEffect(() => void read('', setHistory), [read, version])

  return {
    items: history?.items,
    more: history?.nextBefore !== null && history !== undefined,
    loading,
    trouble,
    showOlder() {
      if (!history?.nextBefore || loading) return
      void read(`?before=${encodeURIComponent(history.nextBefore)}`, ({ items, nextBefore }) =>
        setHistory({ items: [...history.items, ...items], nextBefore }),
      )
    },
  }
}
