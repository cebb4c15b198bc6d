'use client'
import { Button } from '#components/ui/button.tsx'
import { ButtonLink } from '#components/ui/button-link.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { figuresIn } from './figures-note.tsx'
import type { FiguresView } from './use-figures.ts'

/** What there is to say when the figures are not here: that none were measured, or that they could not be read. */
export function FiguresTrouble({ view: { found, readAgain } }: { view: FiguresView }) {
  if (found === undefined || found.type === 'found') return null
  if (found.type === 'none') {
    return (
      <Notice
        className="mb-6"
        action={
          <ButtonLink href="/lab" small>
            Run one <Icon name="arrow-right" />
          </ButtonLink>
        }
      >
        Nothing measured yet. The answer rests on specifications and arithmetic alone, until there is a run.
      </Notice>
    )
  }
  return (
    <Notice
      danger
      className="mb-6"
      action={
        <Button small onClick={readAgain}>
          Try again
        </Button>
      }
    >
      Your runs could not be read. {found.why}{' '}
      {figuresIn(found)
        ? 'The figures below are what is known.'
        : 'The answer rests on specifications and arithmetic alone meanwhile.'}
    </Notice>
  )
}
