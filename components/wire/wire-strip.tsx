'use client'
import { type LaneKind, laneColor } from '#components/lane/lane-kind.ts'
import { LaneLine } from '#components/lane/lane-line.tsx'
import { useNow } from '#components/live/use-now.ts'
import { formatBytes, formatCount, formatDuration } from '#components/ui/format.ts'
import { Icon } from '#components/ui/icon.tsx'
import { Time } from '#components/ui/time.tsx'
import { type Exchange, tookMsOf } from './exchange.ts'
import { laneOf } from './plot-parts.ts'
import { type Totals, totalsOf } from './totals.ts'
import { useRecording } from './use-recording.ts'
import { WirePlot } from './wire-plot.tsx'

/** The closed drawer at the foot of the page: the live lane, the last line on the wire, the sums. */
export function WireStrip({ onOpen }: { onOpen: () => void }) {
  const { exchanges, dropped } = useRecording()
  const nowMs = useNow(1_000)
  const last = exchanges.at(-1)
  return (
    <button
      type="button"
      aria-keyshortcuts="w"
      aria-label="Open the wire drawer"
      aria-expanded={false}
      onClick={onOpen}
      className="page-x fixed inset-x-0 bottom-0 z-20 flex h-(--strip) items-center gap-4 border-t border-line-strong bg-sunken text-left [--surface:var(--sunken)] hover:bg-hover focus-visible:-outline-offset-2 max-md:bottom-[calc(var(--tabs)+env(safe-area-inset-bottom))]"
    >
      <span className="text-ui font-semibold max-md:hidden">Wire</span>
      <span className="w-1/4 max-md:hidden">
        {nowMs !== undefined && <WirePlot exchanges={exchanges} nowMs={nowMs} axis={false} />}
      </span>
      <PhoneLane kind={last ? laneOf(last) : 'short'} />
      <span className="type-data min-w-0 flex-1 truncate text-ink-2">
        {last ? <LastLine exchange={last} /> : 'nothing yet'}
      </span>
      <span className="type-data whitespace-nowrap text-ink-3">{sums(totalsOf(exchanges, dropped))}</span>
      <span className="flex items-center gap-2 text-ui max-md:hidden">
        Open
        <kbd className="type-axis border border-line-strong px-1.5 leading-[18px]">w</kbd>
      </span>
      <Icon name="chevron-up" className="md:hidden" />
    </button>
  )
}

function PhoneLane({ kind }: { kind: LaneKind }) {
  return (
    <svg width={22} height={4} className={`block shrink-0 md:hidden ${laneColor[kind]}`} aria-hidden>
      <LaneLine kind={kind} from={0} to={22} at={2} />
    </svg>
  )
}

function LastLine({ exchange }: { exchange: Exchange }) {
  const { startedAtMs, method, path, outcome, waitSeconds } = exchange
  const took = formatDuration(tookMsOf(exchange) ?? 0)
  const end = {
    open: waitSeconds > 0 ? 'held open' : 'asking',
    answered: outcome.state === 'answered' ? `${outcome.status} in ${took}` : '',
    cut: 'no answer',
    'let-go': 'let go',
  }[outcome.state]
  return (
    <>
      <span className="max-md:hidden">
        <Time at={startedAtMs} style="milli" className="text-ink-3" /> {method} {path}{' '}
      </span>
      <span className="text-ink">{end}</span>
    </>
  )
}

function sums({ answers, counted, receivedBytes, transferBytes }: Totals): string {
  const asks = `${formatCount(answers)} ${answers === 1 ? 'ask' : 'asks'}`
  if (answers === 0) return asks
  // Until the drawer is open nobody has asked the server; the browser's own idea of the size is near enough to say "about".
  return `${asks} · ↓ ${counted === answers ? formatBytes(receivedBytes) : `≈ ${formatBytes(transferBytes)}`}`
}
