import assert from 'node:assert/strict'
import { test } from 'node:test'
import { namesakesAmong, personLabel } from './person-label.ts'

const person = (id: string, name: string, handle: string) => ({ id, name, handle })

test('The handle stands beside a name that somebody had before.', () => {
  assert.equal(personLabel(person('1', 'Nora Klein', 'nora-klein')), 'Nora Klein')
  assert.equal(personLabel(person('2', 'Nora Klein', 'nora-klein-2')), 'Nora Klein (@nora-klein-2)')
  assert.equal(
    personLabel(person('3', 'N\u043era Klein', 'n\u043era-klein-2')),
    'N\u043era Klein (@n\u043era-klein-2)',
  )
  assert.equal(personLabel(person('5', 'Nora KIein', 'nora-kiein-2')), 'Nora KIein (@nora-kiein-2)')
  assert.equal(personLabel(person('4', '!!', 'someone')), '!!')
})

test('Namesakes are those whose names differ in nothing that is seen.', () => {
  const people = [
    person('1', 'Nora Klein', 'nora-klein'),
    person('1', 'Nora Klein', 'nora-klein'),
    person('2', 'nora  klein', 'nora-klein-2'),
    person('3', 'Sam Okafor', 'sam-okafor'),
  ]
  assert.deepEqual(namesakesAmong(people), ['1', '2'])
})
