import assert from 'node:assert/strict'
import { resolve } from 'node:path'
import type { TestContext } from 'node:test'
import { presets } from '#server/protocol/lab-presets.ts'
import type { RunEvent, RunState, WireRun } from '#server/protocol/lab-runs.ts'
import type { RunOrder } from '#server/protocol/lab-schemas.ts'
import type { WirePage } from '#server/protocol/streams.ts'
import { appOn, type TestApp } from './test-app.ts'
import { testDatabase } from './test-database.ts'

/** What a visitor without a session can do in the lab. */
export type LabVisitor = {
  ask(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>
  /** Starts a run; `name` decides how `fake-run.ts` plays it. */
  start(name: string): Promise<WireRun>
  read(id: string): Promise<WireRun>
  /** Follows a run by long polling, from its first event until `isLast`. */
  follow(id: string, isLast: (event: RunEvent) => boolean): Promise<RunEvent[]>
}

export const fakeRun = resolve(import.meta.dirname, 'fake-run.ts')

/** A node whose runs are played by `fake-run.ts`, with a visitor. */
export async function labApp(
  t: Pick<TestContext, 'after'>,
  settings: Record<string, string> = {},
): Promise<TestApp & LabVisitor> {
  const { url } = await testDatabase(t)
  const app = await appOn(t, url, settings, undefined, fakeRun)
  return { ...app, databaseUrl: url, ...labVisitor(app.port) }
}

export function labVisitor(port: number): LabVisitor {
  const ask: LabVisitor['ask'] = (method, path, body, headers = {}) =>
    fetch(`http://127.0.0.1:${port}/api/lab/runs${path}`, {
      method,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })

  async function follow(id: string, isLast: (event: RunEvent) => boolean) {
    const events: RunEvent[] = []
    for (let after = ''; ; ) {
      const answer = await fetch(`http://127.0.0.1:${port}/api/streams/lab:${id}?wait=20${after}`)
      if (answer.status === 204) continue
      assert.equal(answer.status, 200)
      const page = (await answer.json()) as WirePage
      for (const { type, data } of page.entries) {
        const event = data as RunEvent
        assert.equal(type, `run.${event.type}`)
        events.push(event)
        if (isLast(event)) return events
      }
      after = `&after=${page.next}`
    }
  }

  return {
    ask,
    async start(name) {
      const answer = await ask('POST', '', orderOf(name))
      assert.equal(answer.status, 201, await answer.clone().text())
      return (await answer.json()) as WireRun
    },
    read: async (id) => (await (await ask('GET', `/${id}`)).json()) as WireRun,
    follow,
  }
}

/** An order for a scenario of this name. */
export function orderOf(name: string): RunOrder & { kind: 'scenario' } {
  const [preset] = presets
  if (!preset) throw new Error('There is no preset')
  return { kind: 'scenario', name, scenario: preset.scenario }
}

/** Whether an event reports that the run has reached this state. */
export function reaches(state: RunState): (event: RunEvent) => boolean {
  return (event) => event.type === 'state' && event.state === state
}
