import { readPacket } from './read-packet.ts'

/** A run of a packet's text; `telling` marks a value worth seeing. */
type Run = { text: string; telling?: boolean }
type Line = Run[]

const telling = [
  'clientId',
  'clientOrderId',
  'seq',
  'head',
  'next',
  'after',
  'sid',
  'reason',
  'title',
  'retryMs',
]
const widthCharacters = 56

/**
 * A packet formatted for reading: the prefix of the JSON as it is, and an object's members on lines of their own where
 * they do not fit on one. The raw text if it is not complete JSON. `brief` omits nested objects.
 */
export function packetLines(text: string, { brief = false } = {}): Line[] {
  const { json } = readPacket(text)
  const front = text.slice(0, text.length - json.length)
  const whole = parsed(json)
  const value = brief && Array.isArray(whole) ? whole.map(inBrief) : whole
  if (value === undefined) return [[{ text }]]
  if (!Array.isArray(value)) return lines(value, { before: front, after: '', indent: 0 })
  const [name, ...rest] = value
  const named = typeof name === 'string' && rest.length === 1
  return named
    ? lines(rest[0], { before: `${front}[${JSON.stringify(name)},`, after: ']', indent: 0 })
    : lines(value.length === 1 ? name : value, {
        before: `${front}${value.length === 1 ? '[' : ''}`,
        after: value.length === 1 ? ']' : '',
        indent: 0,
      })
}

type Place = { before: string; after: string; indent: number; telling?: boolean }

function lines(value: unknown, place: Place): Line[] {
  const { before, after, indent } = place
  const flat = [{ text: before }, ...flatRuns(value, place.telling), { text: after }]
  if (lengthOf(flat) + indent <= widthCharacters || typeof value !== 'object' || value === null) return [flat]
  const [open, close] = Array.isArray(value) ? ['[', ' ]'] : ['{', ' }']
  const members: Member[] = Array.isArray(value) ? value.map((item) => ({ item })) : namedMembers(value)
  const margin = ' '.repeat(indent + 2)
  return [
    [{ text: `${before}${open}` }],
    ...members.flatMap(({ item, label = '', telling }, n) => {
      const end = n === members.length - 1 ? `${close}${after}` : ','
      return lines(item, { before: `${margin}${label}`, after: end, indent: indent + 2, telling })
    }),
  ]
}

type Member = { item: unknown; label?: string; telling?: boolean }

/** Aligns an object's values in one column. */
function namedMembers(value: object): Member[] {
  const names = Object.keys(value).map((name) => JSON.stringify(name))
  const column = Math.max(0, ...names.map((name) => name.length)) + 2
  return Object.entries(value).map(([name, item], n) => ({
    ...{ item, telling: telling.includes(name) },
    label: `${names[n]}: `.padEnd(column),
  }))
}

const elided = Symbol('elided')

function inBrief(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      typeof item === 'object' && item !== null ? elided : item,
    ]),
  )
}

function flatRuns(value: unknown, isTelling?: boolean): Run[] {
  if (value === elided) return [{ text: '{…}' }]
  if (typeof value !== 'object' || value === null) {
    return [{ text: JSON.stringify(value), telling: isTelling }]
  }
  if (Array.isArray(value)) {
    const items = value.map((item) => flatRuns(item))
    return joined(items, '[', ']')
  }
  const members = Object.entries(value).map(([name, item]) => [
    { text: `${JSON.stringify(name)}: ` },
    ...flatRuns(item, telling.includes(name)),
  ])
  return members.length === 0 ? [{ text: '{}' }] : joined(members, '{ ', ' }')
}

function joined(parts: Run[][], open: string, close: string): Run[] {
  return [
    { text: open },
    ...parts.flatMap((runs, n) => (n === 0 ? runs : [{ text: ', ' }, ...runs])),
    { text: close },
  ]
}

function lengthOf(runs: readonly Run[]): number {
  return runs.reduce((sum, { text }) => sum + text.length, 0)
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    // Truncated because of its length, or empty: the raw text is shown.
    return undefined
  }
}
