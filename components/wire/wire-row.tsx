'use client'
import { laneInk } from '#components/lane/lane-kind.ts'
import { classes } from '#components/ui/classes.ts'
import { formatCount, missing, onItsWay } from '#components/ui/format.ts'
import { Time } from '#components/ui/time.tsx'
import { type Exchange, type Gist, gistOf, tookMsOf } from './exchange.ts'
import { ExchangeDetail } from './exchange-detail.tsx'
import { ExchangeMark } from './exchange-mark.tsx'
import { laneOf } from './plot-parts.ts'

const words = {
  open: onItsWay,
  cut: 'cut',
  'let-go': 'let go',
} as const satisfies Partial<Record<Gist, string>>

/** One exchange in the drawer's list, and below it, when it is opened, what was said. */
export function WireRow({
  exchange,
  open,
  onToggle,
}: {
  exchange: Exchange
  open: boolean
  onToggle: () => void
}) {
  const { method, path, startedAtMs, waitSeconds, counted, outcome } = exchange
  const lane = laneOf(exchange)
  const gist = gistOf(exchange)
  const status = outcome.state === 'answered' ? String(outcome.status) : words[outcome.state]
  const unknown = outcome.state === 'answered' ? onItsWay : missing
  return (
    <>
      <tr
        className={classes(
          'relative hover:bg-hover',
          open ? 'border-t border-line-strong bg-bg [--surface:var(--bg)]' : 'border-b border-line',
        )}
        data-gist={gist}
        data-lane={lane}
      >
        <td className="type-data h-8 pl-(--wire-x) whitespace-nowrap max-md:h-11">
          <Time at={startedAtMs} style="milli" phone="second" />
        </td>
        <td className="type-data px-3 whitespace-nowrap">
          <button
            type="button"
            aria-expanded={open}
            onClick={onToggle}
            className={classes(
              'flex items-center gap-2.5 after:absolute after:inset-0 focus-visible:outline-0 focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-focus',
              gist === 'news' && 'font-semibold',
              (gist === 'cut' || gist === 'refused') && 'text-danger',
              (gist === 'let-go' || gist === 'open') && 'text-ink-3',
            )}
          >
            <ExchangeMark kind={lane} gist={gist} plain={method !== 'GET'} />
            {status}
          </button>
        </td>
        <td className="type-data w-full max-w-0 pr-3">
          <span className="flex gap-2">
            <span className={classes('truncate', gist === 'news' ? 'text-ink' : 'text-ink-2')}>
              <span className="max-md:hidden">{method} </span>
              <RequestPath path={path} />
            </span>
            {waitSeconds > 0 && <span className={laneInk.long}>wait={waitSeconds}</span>}
          </span>
        </td>
        <td className="type-data pr-3 text-right whitespace-nowrap max-md:hidden">
          {counted ? formatCount(counted.bytesIn) : unknown}
        </td>
        <td className="type-data pr-3 text-right whitespace-nowrap">
          {counted ? formatCount(counted.bytesOut) : unknown}
        </td>
        <td className="type-data pr-(--wire-x) text-right whitespace-nowrap">
          {formatTook(tookMsOf(exchange))}
        </td>
      </tr>
      {open && (
        <tr className="border-b border-line-strong bg-bg">
          <td colSpan={6}>
            <ExchangeDetail exchange={exchange} />
          </td>
        </tr>
      )}
    </>
  )
}

/** On phones the last part of the path must do; the whole stands in the opened row. */
function RequestPath({ path }: { path: string }) {
  return (
    <>
      <span className="max-md:hidden">{path}</span>
      <span className="md:hidden">{path.slice(path.lastIndexOf('/') + 1)}</span>
    </>
  )
}

/** Milliseconds in one column: `0.6`, `412`, `25,004`. */
function formatTook(tookMs: number | undefined): string {
  if (tookMs === undefined) return onItsWay
  return tookMs < 9.95 ? tookMs.toFixed(1) : formatCount(Math.round(tookMs))
}
