import { type Answers, assumed } from './answers.ts'

/** What this app itself decided, to begin from. */
export const examples: readonly { name: string; answers: Answers }[] = [
  {
    name: 'a loan',
    answers: { ...assumed, age: '30s', changes: 'hourly', people: 10_000, tabs: 1 },
  },
  { name: 'the bell', answers: assumed },
  {
    name: 'a chat',
    answers: { ...assumed, speaks: 'both', changes: 'second', people: 5_000, tabs: 1, team: 'stateful' },
  },
  {
    name: 'prices and orders',
    answers: {
      ...assumed,
      ...{ speaks: 'both', age: '100ms', changes: 'often', missed: 'latest', people: 2_000, tabs: 1 },
      ...{ bytes: 60, proxies: 'no', team: 'stateful' },
    },
  },
]
