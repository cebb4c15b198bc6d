import { Fragment } from 'react'
import { formatCount } from '#components/ui/format.ts'
import { Breakable } from './breakable.tsx'

const telling = ['id', 'status', 'cursor', 'next', 'head', 'nextBefore', 'title', 'detail']
const shortCharacters = 240

/** A body in its telling members, the rest behind `…`; opened, it stands as it came over the wire. */
export function BodyText({ text, ink }: { text: string; ink: string }) {
  if (text === '') return null
  const members = tellingMembers(text)
  return (
    <details className="group mt-2">
      <summary className="list-none break-words [&::-webkit-details-marker]:hidden">
        <span className="group-open:hidden">
          {members ? <Members members={members} ink={ink} /> : `${text.slice(0, shortCharacters)} …`}
        </span>{' '}
        <span className="link font-sans text-ui text-ink-2">
          <span className="group-open:hidden">the whole body, {formatCount(text.length)} characters</span>
          <span className="hidden group-open:inline">the telling part</span>
        </span>
      </summary>
      <p className="mt-1 break-words">
        <Breakable text={text} />
      </p>
    </details>
  )
}

function Members({ members, ink }: { members: [string, unknown][]; ink: string }) {
  return (
    <>
      {'{ '}
      {members.map(([name, value]) => (
        <Fragment key={name}>
          &quot;{name}&quot;: <strong className={`font-semibold ${ink}`}>{JSON.stringify(value)}</strong>,{' '}
        </Fragment>
      ))}
      {'… }'}
    </>
  )
}

/** The members of an object that tell something; undefined for anything else, a body that was cut included. */
function tellingMembers(text: string): [string, unknown][] | undefined {
  try {
    const body: unknown = JSON.parse(text)
    if (typeof body !== 'object' || body === null) return undefined
    const members = telling.flatMap((name): [string, unknown][] => {
      const value = (body as Record<string, unknown>)[name]
      return value === undefined || value === null ? [] : [[name, value]]
    })
    return members.length > 0 ? members : undefined
  } catch {
    // Too long to have been kept whole, or not JSON: then the raw text is what there is to show.
    return undefined
  }
}
