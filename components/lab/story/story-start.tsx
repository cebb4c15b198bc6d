'use client'
import { useState } from 'react'
import { formatChosen } from '#components/lab/report/report-words.ts'
import { Button } from '#components/ui/button.tsx'
import { formatCount } from '#components/ui/format.ts'
import { Select } from '#components/ui/select.tsx'
import { intervalChoicesMs, pollerChoices, storyOrder } from './story-words.ts'
import type { Story } from './use-story.ts'

/** How many poll how often, and the button that starts them; or that stops them, with what they are doing. */
export function StoryStart({ isOn, detail, mayRun, pending, start, stop }: Story) {
  const [pollers, setPollers] = useState<number>(10_000)
  const [pollMs, setPollMs] = useState<number>(5_000)
  if (mayRun === false)
    return <p className="text-ui text-ink-2">Runs are started in demo mode on the machine itself.</p>
  if (isOn) {
    return (
      <div className="flex items-center justify-between gap-4">
        <p role="status" className="text-ui text-ink-2">
          {detail ?? 'It runs; the switch works while they ask.'}
        </p>
        <Button onClick={stop} pending={pending}>
          Stop
        </Button>
      </div>
    )
  }
  return (
    <div className="flex flex-wrap items-end gap-3">
      <Select label="Pollers" value={pollers} onChange={(event) => setPollers(Number(event.target.value))}>
        {pollerChoices.map((count) => (
          <option key={count} value={count}>
            {formatCount(count)}
          </option>
        ))}
      </Select>
      <Select
        label="Each polls every"
        value={pollMs}
        onChange={(event) => setPollMs(Number(event.target.value))}
      >
        {intervalChoicesMs.map((ms) => (
          <option key={ms} value={ms}>
            {formatChosen(ms)}
          </option>
        ))}
      </Select>
      <Button
        pending={pending}
        disabled={mayRun === undefined}
        onClick={() => start(storyOrder(pollers, pollMs))}
      >
        Let them poll
      </Button>
    </div>
  )
}
