import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findCommands } from './find-commands.ts'

const commands = [
  { group: 'Theme', title: 'Dark theme' },
  { group: 'Go to', title: 'The lab' },
  { group: 'Go to', title: 'Trading', words: 'prices orders' },
  { group: 'Symbols', title: 'NRDX · Nordex Índex' },
  { group: 'This page', title: 'Check now', words: 'poll' },
] as const

const titles = (query: string) => findCommands(commands, query).map(({ title }) => title)

test('Without a query everything is offered, by group', () => {
  assert.deepEqual(titles(' '), ['Check now', 'The lab', 'Trading', 'NRDX · Nordex Índex', 'Dark theme'])
})

test('Every word must be there, in any order, whatever its case and accents', () => {
  assert.deepEqual(titles('theme DARK'), ['Dark theme'])
  assert.deepEqual(titles('nordex index'), ['NRDX · Nordex Índex'])
  assert.deepEqual(titles('dark lab'), [])
})

test('A title that begins so comes before a word, and a word before the middle of one', () => {
  assert.deepEqual(titles('t'), ['The lab', 'Trading', 'Dark theme', 'Check now'])
})

test('Other words and the group find a command too', () => {
  assert.deepEqual(titles('poll'), ['Check now'])
  assert.deepEqual(titles('symbols'), ['NRDX · Nordex Índex'])
})

test('What has no letter or digit finds what an empty query finds', () => {
  assert.equal(findCommands(commands, '.*(').length, commands.length)
})
