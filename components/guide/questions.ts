import type { Answers, ChoiceName, NumberName } from './answers.ts'

type Choices<Name extends ChoiceName> = Record<Answers[Name] & string, { label: string; if: string }>

/** A question with a fixed set of choices; `if` begins the sentence about a choice not taken. */
export type Question = {
  name: ChoiceName
  asks: string
  choices: Record<string, { label: string; if: string }>
}

const choice = <Name extends ChoiceName>(name: Name, asks: string, choices: Choices<Name>): Question => ({
  name,
  asks,
  choices,
})

export const speaks = choice('speaks', 'Which side sends?', {
  server: { label: 'Server', if: 'only the server sends' },
  both: { label: 'Both sides', if: 'both sides send' },
})
export const age = choice('age', 'How stale can data be?', {
  '30s': { label: '30 s', if: 'data may be 30 s old' },
  '5s': { label: '5 s', if: 'data may be 5 s old' },
  '1s': { label: '1 s', if: 'data may be 1 s old' },
  '100ms': { label: '0.1 s', if: 'data may be 0.1 s old' },
})
export const changes = choice('changes', 'How often does it change?', {
  daily: { label: 'Daily', if: 'it changes once a day' },
  hourly: { label: 'Hourly', if: 'it changes once an hour' },
  minute: { label: '1/min', if: 'it changes once a minute' },
  second: { label: '1/s', if: 'it changes once a second' },
  often: { label: '20/s', if: 'it changes 20 times a second' },
})
export const missed = choice('missed', 'Can events be dropped?', {
  never: { label: 'Never', if: 'no event may be dropped' },
  latest: { label: 'Only the latest matters', if: 'only the latest value matters' },
})
export const proxies = choice('proxies', 'Proxies you don’t control?', {
  yes: { label: 'Yes', if: 'there are proxies you don’t control' },
  no: { label: 'No', if: 'you control every proxy' },
})
export const legacy = choice('legacy', 'Clients that can’t hold a connection?', {
  none: { label: 'None', if: 'every client can hold a connection open' },
  some: { label: 'Some', if: 'some clients can’t hold a connection open' },
  all: { label: 'All', if: 'no client can hold a connection open' },
})
export const hosting = choice('hosting', 'Which platform?', {
  servers: { label: 'None', if: 'the server can hold connections' },
  lambda: { label: 'AWS Lambda', if: 'it runs on AWS Lambda' },
  vercel: { label: 'Vercel Functions', if: 'it runs on Vercel Functions' },
  workers: { label: 'Cloudflare Workers', if: 'it runs on Cloudflare Workers' },
  'cloud-run': { label: 'Google Cloud Run', if: 'it runs on Google Cloud Run' },
  azure: { label: 'Azure Functions', if: 'it runs on Azure Functions' },
})
export const http2 = choice('http2', 'HTTP/2 end to end?', {
  yes: { label: 'Yes', if: 'HTTP/2 is used end to end' },
  no: { label: 'No', if: 'a hop doesn’t support HTTP/2' },
})
export const team = choice('team', 'What has your team run?', {
  http: { label: 'Plain HTTP', if: 'your team has only run plain HTTP' },
  stateful: { label: 'Stateful servers', if: 'your team has run stateful servers' },
})

/** The questions that offer choices. */
export const questions: readonly Question[] = [
  ...[speaks, age, changes, missed, proxies, legacy, hosting, http2, team],
]

export const numberQuestions: Record<NumberName, { asks: string; unit?: string }> = {
  people: { asks: 'People watching at peak' },
  tabs: { asks: 'Tabs per person' },
  bytes: { asks: 'Payload size', unit: 'B' },
}
