import type { Answers, ChoiceName, NumberName } from './answers.ts'

type Choices<Name extends ChoiceName> = Record<Answers[Name] & string, { label: string; if: string }>

/** A question whose answers can all be seen; `if` begins the sentence about the answer that was not given. */
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
  server: { label: 'Server', if: 'only the server speaks' },
  both: { label: 'Both sides', if: 'both sides speak' },
})
export const age = choice('age', 'How stale can data be?', {
  '30s': { label: '30 s', if: '30 s is soon enough' },
  '5s': { label: '5 s', if: '5 s is soon enough' },
  '1s': { label: '1 s', if: 'a value may be 1 s old' },
  '100ms': { label: '0.1 s', if: 'a value may be 0.1 s old' },
})
export const changes = choice('changes', 'How often does it change?', {
  daily: { label: 'daily', if: 'it changes once a day' },
  hourly: { label: 'hourly', if: 'it changes once an hour' },
  minute: { label: 'a minute', if: 'it changes once a minute' },
  second: { label: 'a second', if: 'it changes once a second' },
  often: { label: '20 /s', if: 'it changes 20 times a second' },
})
export const missed = choice('missed', 'Can events be dropped?', {
  never: { label: 'Never', if: 'nothing may be missed' },
  latest: { label: 'The latest is enough', if: 'the latest is enough' },
})
export const proxies = choice('proxies', 'Proxies you do not control?', {
  yes: { label: 'Yes', if: 'there are proxies that you do not control' },
  no: { label: 'No', if: 'every proxy is yours' },
})
export const legacy = choice('legacy', 'Clients that cannot hold a connection?', {
  none: { label: 'None', if: 'every client can hold a connection' },
  some: { label: 'Some', if: 'some clients cannot hold a connection' },
  all: { label: 'All', if: 'no client can hold a connection' },
})
export const hosting = choice('hosting', 'Which functions?', {
  servers: { label: 'None', if: 'the server can keep connections' },
  lambda: { label: 'AWS Lambda', if: 'it runs on AWS Lambda' },
  vercel: { label: 'Vercel Functions', if: 'it runs on Vercel Functions' },
  workers: { label: 'Cloudflare Workers', if: 'it runs on Cloudflare Workers' },
  'cloud-run': { label: 'Google Cloud Run', if: 'it runs on Google Cloud Run' },
  azure: { label: 'Azure Functions', if: 'it runs on Azure Functions' },
})
export const http2 = choice('http2', 'HTTP/2 end to end?', {
  yes: { label: 'Yes', if: 'HTTP/2 goes end to end' },
  no: { label: 'No', if: 'there is a hop without HTTP/2' },
})
export const team = choice('team', 'What has the team run?', {
  http: { label: 'Plain HTTP', if: 'the team has run plain HTTP only' },
  stateful: { label: 'Stateful servers', if: 'the team has run stateful servers' },
})

/** All that offer choices. */
export const questions: readonly Question[] = [
  ...[speaks, age, changes, missed, proxies, legacy, hosting, http2, team],
]

export const numberQuestions: Record<NumberName, { asks: string; unit?: string }> = {
  people: { asks: 'People watching at the peak' },
  tabs: { asks: 'Tabs for each person' },
  bytes: { asks: 'Payload size', unit: 'B' },
}
