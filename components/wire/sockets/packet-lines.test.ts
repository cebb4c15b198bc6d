import assert from 'node:assert/strict'
import { test } from 'node:test'
import { packetLines } from './packet-lines.ts'

test('A long object has its members below each other, their values in one column', () => {
  const text =
    '421["chat:send",{"roomId":"wire-talk","clientId":"c-91e","body":"Same here. I will write it down"}]'
  assert.deepEqual(shown(text), [
    '421["chat:send",{',
    '  "roomId":   "wire-talk",',
    '  "clientId": "c-91e",',
    '  "body":     "Same here. I will write it down" }]',
  ])
  assert.deepEqual(tellingOf(text), ['"c-91e"'])
})

test('What fits stays in one line', () => {
  assert.deepEqual(shown('431[{"ok":true,"seq":2210}]'), ['431[{ "ok": true, "seq": 2210 }]'])
  assert.deepEqual(shown('42["unfollow",{}]'), ['42["unfollow",{}]'])
  assert.deepEqual(shown('40{"sid":"x"}'), ['40{ "sid": "x" }'])
})

test('Entries stand one below the other', () => {
  const entry = { seq: 1, type: 'message.sent', at: '2026-11-24T10:42:33.902Z', data: { body: 'x' } }
  const text = `42${JSON.stringify(['entries', { stream: 'room:r', entries: [entry, entry], next: 'k7aa.2' }])}`
  assert.deepEqual(shown(text), [
    '42["entries",{',
    '  "stream":  "room:r",',
    '  "entries": [',
    '    {',
    '      "seq":  1,',
    '      "type": "message.sent",',
    '      "at":   "2026-11-24T10:42:33.902Z",',
    '      "data": { "body": "x" } },',
    '    {',
    '      "seq":  1,',
    '      "type": "message.sent",',
    '      "at":   "2026-11-24T10:42:33.902Z",',
    '      "data": { "body": "x" } } ],',
    '  "next":    "k7aa.2" }]',
  ])
})

test('In brief the objects within are not told', () => {
  const text = '431[{"ok":true,"seq":2210,"message":{"id":"a","seq":2210,"body":"long"}}]'
  assert.deepEqual(shown(text, { brief: true }), ['431[{ "ok": true, "seq": 2210, "message": {…} }]'])
})

test('What is no whole JSON stands as it came', () => {
  for (const text of ['2', '3', '42["entries",{"stream":"roo', '']) assert.deepEqual(shown(text), [text])
})

test('Takes nothing away: without spaces and line ends it is the packet again', () => {
  const text =
    '4312[{"ok":false,"problem":{"type":"/problems/validation","title":"Not valid","errors":[{"a":[1,2,[]]},null]}},7]'
  const squeezed = shown(text)
    .join('')
    .replace(/(?<!Not) /g, '')
  assert.equal(squeezed, text)
})

function shown(text: string, options?: { brief: boolean }): string[] {
  return packetLines(text, options).map((line) => line.map((run) => run.text).join(''))
}

function tellingOf(text: string): string[] {
  return packetLines(text).flatMap((line) => line.flatMap((run) => (run.telling ? [run.text] : [])))
}
