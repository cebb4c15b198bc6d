import type { RunOrder, StoryMode } from '#server/protocol/lab.ts'

export type StoryOrder = Extract<RunOrder, { kind: 'story' }>

/** What the switch calls a mode, and what its server does with a poll. */
export const modeWords = {
  naive: {
    label: 'Naive',
    sentence: 'Each poll is a query, whether or not anything is new.',
  },
  cached: {
    label: 'Cached',
    sentence: 'A tag in memory answers until something changes. Then everybody’s next poll is a query.',
  },
  shared: {
    label: 'Shared',
    sentence: 'One read for each change, whoever asks: the app’s own way. What is left are its own checks.',
  },
} as const satisfies Record<StoryMode, { label: string; sentence: string }>

export const pollerChoices = [200, 1_000, 10_000] as const
export const intervalChoicesMs = [1_000, 5_000] as const

/** Each mode lasts four rounds of polls, so that its second half sees one with a change and one without. */
export function storyOrder(pollers: number, pollMs: number): StoryOrder {
  return { kind: 'story', pollers, pollMs, secondsEach: Math.max(8, (4 * pollMs) / 1_000) }
}
