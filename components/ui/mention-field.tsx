'use client'

import {
  type ComponentProps,
  type KeyboardEvent,
  type Ref,
  useEffect,
  useId,
  useImperativeHandle,
  useRef,
  useState,
} from 'react'
import { pageRecorder } from '#components/wire/page-recorder.ts'
import { draftMention, type MentionDraft } from '#server/protocol/mentions.ts'
import type { Person, WirePeople } from '#server/protocol/people.ts'
import { classes } from './classes.ts'
import { peopleLike, withMention } from './mention.ts'

type MentionFieldProps = Omit<ComponentProps<'textarea'>, 'value' | 'onChange' | 'ref'> & {
  ref?: Ref<HTMLTextAreaElement>
  value: string
  onText: (text: string) => void
  /** The people it suggests; by default everyone known to the server. */
  among?: readonly Person[]
  /** Whether the list opens above the field, for one at the bottom of the page. */
  above?: boolean
}

/**
 * A text field in which `@` suggests people by their handle: arrow keys select, Enter or Tab accepts, Escape dismisses.
 * A `textarea` may not have the role `combobox`; the same attributes connect the list to it.
 */
export function MentionField({ ref, value, onText, onKeyDown, among, above, ...area }: MentionFieldProps) {
  const field = useRef<HTMLTextAreaElement>(null)
  useImperativeHandle(ref, () => field.current as HTMLTextAreaElement, [])
  const [draft, setDraft] = useState<MentionDraft>()
  const [chosen, setChosen] = useState(0)
  const found = usePeople(among ? undefined : draft?.prefix)
  const people = among && draft ? peopleLike(among, draft.prefix) : found
  const listId = useId()
  const open = draft !== undefined && people.length > 0

  const look = () => {
    const { value: text, selectionStart, selectionEnd } = field.current ?? { value: '', selectionStart: 0 }
    const found = selectionStart === selectionEnd ? draftMention(text, selectionStart) : undefined
    if (found?.at !== draft?.at || found?.prefix !== draft?.prefix) setChosen(0)
    setDraft(found)
  }
  const take = (person: Person) => {
    if (!draft || !field.current) return
    const [text, caret] = withMention(value, draft, person.handle)
    onText(text)
    setDraft(undefined)
    const area = field.current
    // The caret can only be placed within the text, which arrives with the next render.
    requestAnimationFrame(() => {
      area.focus()
      area.setSelectionRange(caret, caret)
    })
  }
  const keys = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (open && !event.ctrlKey && !event.metaKey) {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
      const person = people[chosen]
      if (step !== undefined) setChosen((chosen + step + people.length) % people.length)
      else if ((event.key === 'Enter' || event.key === 'Tab') && person) take(person)
      else if (event.key === 'Escape') setDraft(undefined)
      else return onKeyDown?.(event)
      return event.preventDefault()
    }
    onKeyDown?.(event)
  }
  return (
    <div className="relative min-w-0 flex-1">
      <textarea
        ref={field}
        {...area}
        value={value}
        aria-autocomplete="list"
        aria-haspopup="listbox"
        aria-controls={open ? listId : undefined}
        aria-activedescendant={open ? `${listId}-${chosen}` : undefined}
        onChange={(event) => {
          onText(event.target.value)
          look()
        }}
        onSelect={look}
        onBlur={() => setDraft(undefined)}
        onKeyDown={keys}
      />
      {open && (
        <div
          id={listId}
          role="listbox"
          aria-label="People to mention"
          className={classes(
            'absolute left-0 z-30 w-72 max-w-full border border-ink bg-raised py-px',
            above ? 'bottom-full mb-2' : 'top-full mt-1',
          )}
        >
          {people.map((person, n) => (
            <div
              key={person.id}
              id={`${listId}-${n}`}
              role="option"
              aria-selected={n === chosen}
              tabIndex={-1}
              // Before the field loses the focus, and with it the list.
              onPointerDown={(event) => {
                event.preventDefault()
                take(person)
              }}
              className={classes(
                'flex min-h-8 cursor-pointer items-center justify-between gap-4 px-3 text-ui hover:bg-hover max-md:min-h-11',
                n === chosen && 'bg-hover',
              )}
            >
              <bdi className="truncate">{person.name}</bdi>
              <span translate="no" className="type-data text-ink-3">
                @{person.handle}
              </span>
            </div>
          ))}
        </div>
      )}
      <span className="sr-only" role="status">
        {open ? `${people.length} ${people.length === 1 ? 'person' : 'people'} to mention` : ''}
      </span>
    </div>
  )
}

const pauseMs = 120
const none: readonly Person[] = []

/**
 * The people whose handle or name begins with `prefix`; none while it is undefined, or if the server does not respond.
 */
export function usePeople(prefix: string | undefined): readonly Person[] {
  const [people, setPeople] = useState<readonly Person[]>(none)
  useEffect(() => {
    if (prefix === undefined) return setPeople(none)
    const left = new AbortController()
    const timer = setTimeout(async () => {
      try {
        const url = `/api/people?handle=${encodeURIComponent(prefix)}`
        const response = await pageRecorder.fetch(url, { signal: left.signal })
        setPeople(response.ok ? ((await response.json()) as WirePeople).items : none)
      } catch {
        // Without suggestions the text stays as it is.
        setPeople(none)
      }
    }, pauseMs)
    return () => {
      clearTimeout(timer)
      left.abort()
    }
  }, [prefix])
  return people
}
