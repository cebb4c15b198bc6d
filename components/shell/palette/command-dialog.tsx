'use client'

import { usePathname, useRouter } from 'next/navigation'
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import { classes } from '#components/ui/classes.ts'
import { useModal } from '#components/ui/dialog.tsx'
import type { Viewer } from '#server/protocol/people.ts'
import { findCommands } from './find-commands.ts'
import { Key } from './key.tsx'
import { type Command, pageCommands } from './page-commands.ts'
import { siteCommands } from './site-commands.ts'

type CommandDialogProps = { viewer: Viewer | undefined; onClose: () => void; onShortcuts: () => void }

/** Every page and everything that the page on show can do, found by typing: arrows choose, Enter does it. */
export function CommandDialog({ viewer, onClose, onShortcuts }: CommandDialogProps) {
  const dialog = useModal(true)
  const router = useRouter()
  const path = usePathname()
  const id = useId()
  const [query, setQuery] = useState('')
  const [at, setAt] = useState(0)
  // Read anew each time: parts of the page may come while it is open.
  const commands = [...pageCommands(), ...siteCommands({ viewer, path, onShortcuts })]
  const found = findCommands(commands, query)
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    list.current?.children[at]?.scrollIntoView({ block: 'nearest' })
  }, [at])

  const execute = (command: Command | undefined) => {
    if (!command) return
    // First, for the browser then gives the focus back, and what the command does may want it.
    dialog.current?.close()
    if ('href' in command) router.push(command.href)
    else command.run()
  }
  const keys = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (event.key === 'Enter') execute(found[at])
    else if (step !== undefined && found.length > 0) setAt((at + step + found.length) % found.length)
    else return
    event.preventDefault()
  }
  return (
    <dialog
      ref={dialog}
      aria-label="Commands"
      onClose={onClose}
      // The backdrop is the dialog's own.
      onPointerDown={(event) => event.target === event.currentTarget && dialog.current?.close()}
      className="mx-auto mt-[12vh] w-[min(560px,calc(100vw-32px))] border border-ink bg-raised text-ink backdrop:bg-ink/25 [--surface:var(--raised)] max-md:mt-4"
    >
      <input
        type="text"
        role="combobox"
        aria-label="Search pages and commands"
        aria-autocomplete="list"
        aria-expanded={found.length > 0}
        aria-controls={found.length > 0 ? id : undefined}
        aria-activedescendant={found.length > 0 ? `${id}-${at}` : undefined}
        autoCapitalize="none"
        autoComplete="off"
        spellCheck={false}
        placeholder="Go to a page, or do something"
        value={query}
        onChange={({ target }) => {
          setQuery(target.value)
          setAt(0)
        }}
        onKeyDown={keys}
        className="block h-12 w-full border-b border-line-strong bg-transparent px-4 text-body text-ink outline-none placeholder:text-ink-3 max-md:text-[16px]"
      />
      {found.length === 0 ? (
        <p className="px-4 py-4 text-ui text-ink-2">No page or command matches.</p>
      ) : (
        <div
          ref={list}
          id={id}
          role="listbox"
          aria-label="Pages and commands"
          className="max-h-[min(420px,60vh)] overflow-y-auto overscroll-contain py-1"
        >
          {found.map((command, n) => (
            <button
              type="button"
              key={`${command.group} ${command.title}`}
              id={`${id}-${n}`}
              role="option"
              aria-selected={n === at}
              tabIndex={-1}
              onPointerMove={() => setAt(n)}
              // The field keeps the focus.
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => execute(command)}
              className={classes(
                'grid min-h-8 w-full text-left grid-cols-[88px_minmax(0,1fr)_auto] items-center px-4 text-ui max-md:min-h-11',
                n === at && 'bg-hover shadow-[inset_3px_0_0_var(--ink)]',
              )}
            >
              <span className="type-label">{command.group !== found[n - 1]?.group && command.group}</span>
              <bdi className="truncate">{command.title}</bdi>
              {command.keys && <Key>{command.keys}</Key>}
            </button>
          ))}
        </div>
      )}
      <p className="sr-only" role="status">
        {found.length === 1 ? '1 result' : `${found.length} results`}
      </p>
    </dialog>
  )
}
