'use client'
import { useEffect, useRef } from 'react'

/** Where a command stands in the palette, in this order. */
export const commandGroups = [
  'This page',
  'Go to',
  'Loans',
  'Rooms',
  'Symbols',
  'Theme',
  'Account',
  'Help',
] as const

/** Something that the palette offers: a page to go to, or something to do. */
export type Command = {
  group: (typeof commandGroups)[number]
  title: string
  /** Other words that find it. */
  words?: string
  /** The key that does the same without the palette. */
  keys?: string
} & ({ href: string } | { run: () => void })

const pages = new Set<() => readonly Command[]>()

/** What the palette offers while the component stands; `commands` is called whenever the palette opens. */
export function usePageCommands(commands: () => readonly Command[]) {
  const latest = useRef(commands)
  useEffect(() => {
    latest.current = commands
  })
  useEffect(() => {
    const list = () => latest.current()
    pages.add(list)
    return () => {
      pages.delete(list)
    }
  }, [])
}

/** What the page on show offers now. */
export function pageCommands(): Command[] {
  return [...pages].flatMap((list) => list())
}
