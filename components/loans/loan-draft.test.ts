import assert from 'node:assert/strict'
import { test } from 'node:test'
import { errorsOf, forgetDraft, keepDraft, keptDraft, type LoanDraft, readDraft } from './loan-draft.ts'

const good: LoanDraft = {
  amount: '18,500.00',
  currency: 'EUR',
  purpose: ' a heat pump ',
  term: '36',
  income: '',
  key: 'k',
}

test('A good draft becomes the application that the server will take', () => {
  assert.deepEqual(readDraft(good), {
    application: { amountMinor: 1_850_000, currency: 'EUR', purpose: 'a heat pump', termMonths: 36 },
    errors: {},
  })
})

test('Each wrong field gets a sentence, and the others none', () => {
  const { application, errors } = readDraft({ ...good, amount: 'much', term: '3' })
  assert.equal(application, undefined)
  assert.deepEqual(errors, {
    amountMinor: 'Enter an amount in EUR, such as 18,500.00',
    termMonths: 'Between 6 and 120 months',
  })
  assert.deepEqual(Object.keys(readDraft({ ...good, amount: '99.99', purpose: ' ' }).errors), [
    'amountMinor',
    'purpose',
  ])
  assert.equal(
    readDraft({ ...good, term: '3.5' }).errors.termMonths,
    'Enter a whole number of months, such as 36',
  )
})

test('A refusal of the server finds its field', () => {
  const errors = [{ pointer: '/purpose', detail: 'At most 120 characters' }]
  assert.deepEqual(errorsOf({ type: '/problems/validation', title: '', status: 422, errors }), {
    purpose: 'At most 120 characters',
  })
})

test('A draft survives a reload with its key, until it is sent, and is shown to its writer alone', () => {
  const kept = new Map<string, string>()
  const store = {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
    removeItem: (name: string) => void kept.delete(name),
  }
  keepDraft(store, 'nora', good)
  assert.deepEqual(keptDraft(store, 'nora'), good)
  assert.equal(keptDraft(store, 'sam'), undefined)
  forgetDraft(store, 'sam')
  assert.deepEqual(keptDraft(store, 'nora'), good)
  forgetDraft(store, 'nora')
  assert.equal(keptDraft(store, 'nora'), undefined)
  store.setItem('loan application nora', '{"amount":5}')
  assert.equal(keptDraft(store, 'nora'), undefined)
})
