'use client'
import { useSyncExternalStore } from 'react'
import { classes } from '#components/ui/classes.ts'
import { emojiName } from './emojis.ts'

let drawn: boolean | undefined

/** Whether this machine has a font with emojis; one without draws the same box for each of them. */
export function useEmojisDrawn(): boolean {
  return useSyncExternalStore(
    () => () => undefined,
    () => {
      drawn ??= pictureOf('👍') !== pictureOf('🎉')
      return drawn
    },
    () => true,
  )
}

/** An emoji, or its name where it cannot be drawn. The button around it says it. */
export function EmojiMark({ emoji, className }: { emoji: string; className?: string }) {
  const isDrawn = useEmojisDrawn()
  if (!isDrawn) return <span className="text-micro text-ink-2">{emojiName(emoji)}</span>
  return <span className={classes('leading-none', className)}>{emoji}</span>
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
