/** Where the server runs: on machines that keep connections open, or as functions on one of these platforms. */
const hostings = ['servers', 'lambda', 'vercel', 'workers', 'cloud-run', 'azure'] as const
export type Hosting = (typeof hostings)[number]

/** The requirements, as the URL stores them. `people` is the peak number of viewers, `bytes` the size of an entry. */
export type Answers = {
  speaks: 'server' | 'both'
  age: '30s' | '5s' | '1s' | '100ms'
  changes: 'daily' | 'hourly' | 'minute' | 'second' | 'often'
  missed: 'never' | 'latest'
  people: number
  tabs: number
  bytes: number
  proxies: 'yes' | 'no'
  legacy: 'none' | 'some' | 'all'
  hosting: Hosting
  http2: 'yes' | 'no'
  team: 'http' | 'stateful'
}
export type AnswerName = keyof Answers
export type ChoiceName = Exclude<AnswerName, 'people' | 'tabs' | 'bytes'>
export type NumberName = Exclude<AnswerName, ChoiceName>

/** The defaults for questions not answered. */
export const assumed: Answers = {
  speaks: 'server',
  age: '1s',
  changes: 'minute',
  missed: 'never',
  people: 50_000,
  tabs: 3,
  bytes: 200,
  proxies: 'yes',
  legacy: 'none',
  hosting: 'servers',
  http2: 'no',
  team: 'http',
}

/** The choices that each question offers. */
export const choices: { [Name in ChoiceName]: readonly Answers[Name][] } = {
  speaks: ['server', 'both'],
  age: ['30s', '5s', '1s', '100ms'],
  changes: ['daily', 'hourly', 'minute', 'second', 'often'],
  missed: ['never', 'latest'],
  proxies: ['yes', 'no'],
  legacy: ['none', 'some', 'all'],
  hosting: hostings,
  http2: ['yes', 'no'],
  team: ['http', 'stateful'],
}

/** Integer ranges, inclusive. */
const ranges: Record<NumberName, readonly [from: number, to: number]> = {
  people: [1, 100_000_000],
  tabs: [1, 100],
  bytes: [1, 1_000_000],
}

export const answerNames = Object.keys(assumed) as AnswerName[]

/** How stale a shown value may be, in ms. */
export const ageMs: Record<Answers['age'], number> = {
  '30s': 30_000,
  '5s': 5_000,
  '1s': 1_000,
  '100ms': 100,
}

/** How many changes there are per second. */
export const changesPerSecond: Record<Answers['changes'], number> = {
  daily: 1 / 86_400,
  hourly: 1 / 3_600,
  minute: 1 / 60,
  second: 1,
  often: 20,
}

/** The answers in a URL, with defaults for what is missing or invalid; `said` lists those present. */
export function readAnswers(address: URLSearchParams): { answers: Answers; said: readonly AnswerName[] } {
  const found = Object.fromEntries(
    answerNames.flatMap((name) => {
      const value = read(name, address.get(name))
      return value === undefined ? [] : [[name, value]]
    }),
  ) as Partial<Answers>
  return { answers: { ...assumed, ...found }, said: Object.keys(found) as AnswerName[] }
}

/** Whether `value` is valid for this question. */
export function isInRange(name: NumberName, value: number): boolean {
  const [from, to] = ranges[name]
  return Number.isInteger(value) && value >= from && value <= to
}

function read(name: AnswerName, text: string | null): string | number | undefined {
  if (text === null) return undefined
  if (isNumber(name)) {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
    return isInRange(name, value) ? value : undefined
  }
  return (choices[name] as readonly string[]).includes(text) ? text : undefined
}

function isNumber(name: AnswerName): name is NumberName {
  return name in ranges
}

/** What this app itself chose, as starting points. */
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
