'use client'
import { useId } from 'react'
import { classes } from '#components/ui/classes.ts'
import type { Side } from '#server/protocol/trading.ts'
import { WayMark } from './way-mark.tsx'

const sides = [
  { side: 'buy', word: 'Buy', way: 'up' },
  { side: 'sell', word: 'Sell', way: 'down' },
] as const
const look = {
  buy: 'has-checked:bg-up-wash has-checked:text-up has-checked:shadow-[inset_0_-2px_0_var(--up)]',
  sell: 'has-checked:bg-danger-wash has-checked:text-danger has-checked:shadow-[inset_0_-2px_0_var(--danger)]',
} as const satisfies Record<Side, string>

/** Buy or sell: real radios, each with its mark, so that colour is not all that tells them apart. */
export function SideChoice({ side, onChoose }: { side: Side; onChoose: (side: Side) => void }) {
  const name = useId()
  return (
    <div role="radiogroup" aria-label="Side" className="flex rounded border border-field">
      {sides.map((one) => (
        <label
          key={one.side}
          className={classes(
            'relative flex h-[calc(var(--control)-2px)] flex-1 cursor-pointer items-center justify-center gap-2 text-ui text-ink-2 select-none',
            'not-first:border-l not-first:border-line-strong hover:bg-hover has-checked:font-semibold',
            'has-focus-visible:z-10 has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-focus',
            look[one.side],
          )}
        >
          <input
            type="radio"
            name={name}
            value={one.side}
            checked={one.side === side}
            onChange={() => onChoose(one.side)}
            className="absolute inset-0 cursor-pointer appearance-none opacity-0"
          />
          <WayMark way={one.way} className={one.way === 'up' ? 'text-up' : 'text-danger'} />
          {one.word}
        </label>
      ))}
    </div>
  )
}
