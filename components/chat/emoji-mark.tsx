'use client'
import { useSyncExternalStore } from 'react'
import { classes } from '#components/ui/classes.ts'
import { emojiName } from './emojis.ts'

const known = new Map<string, boolean>()

/** Whether this machine has a font that can draw it. */
export function useEmojiDrawn(emoji: string): boolean {
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
