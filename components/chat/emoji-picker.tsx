'use client'

import { type KeyboardEvent, useEffect, useRef, useSyncExternalStore } from 'react'
import { classes } from '#components/ui/classes.ts'

/** Where the picker was asked for: which message, and the button that stands for it. */
export type Picking = { seq: number; button: HTMLElement }

type EmojiPickerProps = {
  picking: Picking | undefined
  onPick: (seq: number, emoji: string) => void
  onClose: () => void
}

const gapPx = 4

/** A small board of emojis over all else, beside the button that opened it. Arrow keys walk, Escape closes. */
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
      // The browser closes it by itself: on Escape, and on a press outside.
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

/** Above the button where there is room, else below it; never beyond the window. */
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

/** Whether this machine has a font that can draw it. */
function useEmojiDrawn(emoji: string): boolean {
  return useSyncExternalStore(
    () => () => undefined,
    () => isDrawn(emoji),
    () => true,
  )
}

/** An emoji, or its name where it cannot be drawn. The button around it says it. */
export function EmojiMark({ emoji, className }: { emoji: string; className?: string }) {
  const drawn = useEmojiDrawn(emoji)
  if (!drawn) return <span className="text-micro text-ink-2">{emojiName(emoji)}</span>
  return <span className={classes('leading-none', className)}>{emoji}</span>
}

/** What no font has looks like this one of private use, which none has either. */
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

/** What one can react with, and what each is called. */
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

/** What the demo's people react with besides. */
const others = [
  ['😄', 'grinning'],
  ['😴', 'sleepy'],
  ['💛', 'yellow heart'],
  ['🚆', 'train'],
] as const

const names: ReadonlyMap<string, string> = new Map([...emojis, ...others])

/** An emoji in words; itself when it is none of these. */
export function emojiName(emoji: string): string {
  return names.get(emoji) ?? emoji
}
