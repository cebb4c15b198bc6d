'use client'

import { type KeyboardEvent, useEffect, useRef, useSyncExternalStore } from 'react'
import { classes } from '#components/ui/classes.ts'

/** What the picker was opened for: the message, and the button to anchor it to. */
export type Picking = { seq: number; button: HTMLElement }

type EmojiPickerProps = {
  picking: Picking | undefined
  onPick: (seq: number, emoji: string) => void
  onClose: () => void
}

const gapPx = 4

/** A small popover of emojis beside the button that opened it. Arrow keys move, Escape closes. */
export function EmojiPicker({ picking, onPick, onClose }: EmojiPickerProps) {
  const drawn = useEmojiDrawn(emojis[0][0])
  const board = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!picking || !board.current) return
    board.current.showPopover()
    place(board.current, picking.button)
    board.current.querySelector('button')?.focus()
  }, [picking])
  if (!picking) return null
  const close = () => {
    if (picking.button.isConnected) picking.button.focus()
    onClose()
  }
  return (
    <div
      ref={board}
      popover="auto"
      role="dialog"
      aria-label="React"
      // The browser closes it by itself: on Escape, and on a click outside.
      onToggle={({ newState }) => newState === 'closed' && close()}
      onKeyDown={(event) => walk(event, drawn ? 8 : 4)}
      className="m-0 border border-ink bg-raised p-1 text-ink"
    >
      <div className={drawn ? 'grid grid-cols-8' : 'grid grid-cols-4'}>
        {emojis.map(([emoji, name]) => (
          <button
            key={emoji}
            type="button"
            aria-label={name}
            title={name}
            onClick={() => {
              onPick(picking.seq, emoji)
              close()
            }}
            className={classes(
              'grid h-9 place-items-center rounded hover:bg-hover focus-visible:outline-offset-[-2px]',
              drawn ? 'w-9' : 'px-2',
            )}
          >
            <EmojiMark emoji={emoji} className="text-[18px]" />
          </button>
        ))}
      </div>
    </div>
  )
}

/** Places the board above the button if there is room, else below it; never beyond the window. */
function place(board: HTMLElement, button: HTMLElement) {
  const at = button.getBoundingClientRect()
  const { width, height } = board.getBoundingClientRect()
  const above = at.top - height - gapPx
  board.style.top = `${above > gapPx ? above : at.bottom + gapPx}px`
  board.style.left = `${Math.max(gapPx, Math.min(at.right - width, innerWidth - width - gapPx))}px`
}

function walk(event: KeyboardEvent<HTMLElement>, columns: number) {
  const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns }[event.key]
  if (step === undefined) return
  event.preventDefault()
  const buttons = [...event.currentTarget.querySelectorAll('button')]
  const focused = buttons.findIndex((button) => button.matches(':focus'))
  buttons[(focused + step + buttons.length) % buttons.length]?.focus()
}

const known = new Map<string, boolean>()

/** Whether a font on this machine can draw it. */
function useEmojiDrawn(emoji: string): boolean {
  return useSyncExternalStore(
    () => () => undefined,
    () => isDrawn(emoji),
    () => true,
  )
}

/** An emoji, or its name where it cannot be drawn. The surrounding button carries the accessible name. */
export function EmojiMark({ emoji, className }: { emoji: string; className?: string }) {
  const drawn = useEmojiDrawn(emoji)
  if (!drawn) return <span className="text-micro text-ink-2">{emojiName(emoji)}</span>
  return <span className={classes('leading-none', className)}>{emoji}</span>
}

/** A private-use character that no font has: a missing emoji is drawn the same way. */
const missing = '\u{f1234}'

function isDrawn(emoji: string): boolean {
  const drawn = known.get(emoji) ?? pictureOf(emoji) !== pictureOf(missing)
  known.set(emoji, drawn)
  return drawn
}

function pictureOf(emoji: string): string {
  const canvas = document.createElement('canvas')
  canvas.width = 24
  canvas.height = 24
  const pen = canvas.getContext('2d')
  if (!pen) return emoji
  pen.font = '16px sans-serif'
  pen.fillText(emoji, 0, 18)
  return canvas.toDataURL()
}

/** The emojis on offer, and their names. */
const emojis = [
  ['👍', 'thumbs up'],
  ['👎', 'thumbs down'],
  ['❤️', 'heart'],
  ['😂', 'laughing'],
  ['🙂', 'smiling'],
  ['😮', 'surprised'],
  ['😢', 'sad'],
  ['😡', 'angry'],
  ['🤔', 'thinking'],
  ['🙏', 'thank you'],
  ['👏', 'applause'],
  ['🙌', 'hooray'],
  ['💪', 'strong'],
  ['👀', 'looking'],
  ['🎉', 'party'],
  ['🚀', 'rocket'],
  ['🔥', 'fire'],
  ['💯', 'hundred'],
  ['✅', 'done'],
  ['❌', 'no'],
  ['❓', 'question'],
  ['⚠️', 'warning'],
  ['🐛', 'bug'],
  ['☕', 'coffee'],
] as const

/** Further emojis in the demo's data. */
const others = [
  ['😄', 'grinning'],
  ['😴', 'sleepy'],
  ['💛', 'yellow heart'],
  ['🚆', 'train'],
] as const

const names: ReadonlyMap<string, string> = new Map([...emojis, ...others])

/** An emoji's name; the emoji itself if it has none here. */
export function emojiName(emoji: string): string {
  return names.get(emoji) ?? emoji
}
