import { formatAge, formatCount } from '#components/ui/format.ts'
import { Time } from '#components/ui/time.tsx'
import type { Exchange, StreamEnd } from './exchange.ts'
import { ExchangeMark } from './exchange-mark.tsx'

const words = {
  ended: 'ended by the server',
  cut: 'cut: the line is gone',
  'let-go': 'let go by this page',
} as const satisfies Record<StreamEnd, string>

type StreamEndRowProps = { exchange: Exchange; by: StreamEnd; atMs: number; name?: string }

/** Where a stream came to its end in the drawer's list, and what it had been. */
export function StreamEndRow({ exchange, by, atMs, name }: StreamEndRowProps) {
  const { stream } = exchange
  if (!stream) return null
  const { frames, bytes, openedAtMs } = stream
  return (
    <tr className="border-b border-line" data-end={by} data-lane="sse">
      <td className="type-data h-8 pl-(--wire-x) whitespace-nowrap max-md:h-11">
        <Time at={atMs} style="milli" phone="second" />
      </td>
      <td className="px-3">
        <ExchangeMark kind="sse" gist={by} />
      </td>
      <td className="type-data w-full max-w-0 pr-3">
        <p className="truncate text-ink-2">
          {name && <span className="text-ink-3">{name} </span>}
          <span className={by === 'cut' ? 'text-danger' : ''}>{words[by]}</span> after{' '}
          {formatAge(atMs - openedAtMs)}, {formatCount(frames)} {frames === 1 ? 'frame' : 'frames'}
        </p>
      </td>
      <td className="max-md:hidden" />
      <td className="type-data pr-3 text-right whitespace-nowrap text-ink-3">Σ {formatCount(bytes)}</td>
      <td />
    </tr>
  )
}
