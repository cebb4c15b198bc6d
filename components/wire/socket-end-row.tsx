import { formatAge, formatCount, formatDuration } from '#components/ui/format.ts'
import { Time } from '#components/ui/time.tsx'
import { ExchangeMark } from './exchange-mark.tsx'
import type { SocketEnd, SocketLife } from './socket-life.ts'

const words = {
  ended: 'ended by the server',
  cut: 'cut: the line is gone',
  'let-go': 'let go by this page',
  refused: 'not opened',
} as const satisfies Record<SocketEnd, string>

type SocketEndRowProps = { life: SocketLife; closed: NonNullable<SocketLife['closed']> }

/** Where a socket came to its end in the drawer's list, and what it had been. */
export function SocketEndRow({ life, closed }: SocketEndRowProps) {
  const { by, atMs } = closed
  const { openingMs, openedMs, sent, received } = life
  const lost = by === 'cut' || by === 'refused'
  return (
    <tr className="border-b border-line" data-end={by}>
      <td className="type-data h-8 pl-(--wire-x) whitespace-nowrap max-md:h-11">
        <Time at={atMs} style="milli" phone="second" />
      </td>
      <td className="type-data pr-3 pl-2">
        <span className="flex items-center gap-2.5">
          <ExchangeMark kind="ws" gist={by} />
          <span className="truncate text-ink-2">
            <span className={lost ? 'text-danger' : ''}>{endWords(life, closed)}</span>
            {openedMs === undefined
              ? `: no 101 after ${formatDuration(atMs - openingMs)}`
              : ` after ${formatAge(atMs - openedMs)}, ${formatCount(sent.packets)} sent, ${formatCount(received.packets)} received`}
          </span>
        </span>
      </td>
      <td className="type-data text-right whitespace-nowrap text-ink-3">
        {openedMs !== undefined && `Σ ${formatCount(sent.bytes + received.bytes)}`}
      </td>
      <td />
    </tr>
  )
}

function endWords({ openedMs }: SocketLife, { by, why }: SocketEndRowProps['closed']): string {
  if (by === 'let-go' && openedMs === undefined) return 'given up by this page'
  return why === 'ping timeout' ? 'given up: no ping came in time' : words[by]
}
