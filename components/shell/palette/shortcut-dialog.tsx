'use client'

import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import { Key } from './key.tsx'
import { paletteKeys } from './palette-keys.ts'

const shortcuts: { where: string; keys: readonly (readonly [readonly string[], string])[] }[] = [
  {
    where: 'Everywhere',
    keys: [
      [['?'], 'Show the shortcuts'],
      [['Esc'], 'Close what is open'],
    ],
  },
  { where: 'Pages with a wire', keys: [[['w'], 'Open or close the wire drawer']] },
  {
    where: 'Chat',
    keys: [
      [['Enter'], 'Send the message'],
      [['Shift', 'Enter'], 'Start a new line'],
      [['↑'], 'Edit your last message, from an empty field'],
      [['↑', '↓'], 'Move from message to message'],
    ],
  },
  {
    where: 'Trading',
    keys: [
      [['b'], 'Buy'],
      [['s'], 'Sell'],
      [['←', '→'], 'Move along the chart'],
    ],
  },
]

/** The keys that do something, and where. */
export function ShortcutDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog
      open
      onClose={onClose}
      title="Keyboard shortcuts"
      actions={<Button onClick={onClose}>Close</Button>}
    >
      <div className="space-y-5">
        {shortcuts.map(({ where, keys }, n) => (
          <section key={where}>
            <h3 className="type-label border-b border-line pb-1">{where}</h3>
            <dl>
              {n === 0 && <Shortcut caps={paletteKeys()} does="Go to a page, or do something" />}
              {keys.map(([caps, does]) => (
                <Shortcut key={does} caps={caps} does={does} />
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  )
}

function Shortcut({ caps, does }: { caps: readonly string[]; does: string }) {
  return (
    <div className="flex min-h-7 items-center justify-between gap-4">
      <dt className="order-1 flex gap-1">
        {caps.map((cap) => (
          <Key key={cap}>{cap}</Key>
        ))}
      </dt>
      <dd className="text-ink">{does}</dd>
    </div>
  )
}
