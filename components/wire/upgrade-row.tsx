'use client'
import { memo } from 'react'
import { classes } from '#components/ui/classes.ts'
import { formatCount, onItsWay } from '#components/ui/format.ts'
import { Time } from '#components/ui/time.tsx'
import { ExchangeMark } from './exchange-mark.tsx'
import { HandshakeDetail } from './handshake-detail.tsx'
import { LineButton, rowLook } from './line-button.tsx'
import { type SocketLife, upgradePath } from './socket-life.ts'

type UpgradeRowProps = { life: SocketLife; open: boolean; toggle: (key: string) => void }

/** The request with which a socket begins, and its 101: from then on the same connection speaks packets. */
export const UpgradeRow = memo(function UpgradeRow({ life, open, toggle }: UpgradeRowProps) {
  const { socket, openingMs, openedMs, closed } = life
  const refused = closed?.by === 'refused'
  return (
    <>
      <tr className={rowLook(open)} data-upgrade={openedMs ? 'granted' : refused ? 'refused' : 'asked'}>
        <td className="type-data h-8 pl-(--wire-x) whitespace-nowrap max-md:h-11">
          <Time at={openingMs} style="milli" phone="second" />
        </td>
        <td className="type-data pr-3 pl-2">
          <LineButton open={open} onToggle={() => toggle(`upgrade ${socket}`)} className="w-full text-left">
            <ExchangeMark kind="ws" gist={openedMs ? 'ended' : refused ? 'refused' : 'open'} />
            <span className="truncate">
              <span className={classes('font-semibold', refused && 'text-danger')}>
                {openedMs ? '101' : closed ? 'no 101' : onItsWay}
              </span>{' '}
              <span className="text-ink-2">GET {upgradePath(life)}</span>
            </span>
          </LineButton>
        </td>
        <td />
        <td className="type-data pr-(--wire-x) text-right whitespace-nowrap">
          {openedMs !== undefined && formatCount(openedMs - openingMs)}
        </td>
      </tr>
      {open && (
        <tr className="border-b border-line-strong bg-bg">
          <td colSpan={4}>
            <HandshakeDetail life={life} />
          </td>
        </tr>
      )}
    </>
  )
})
