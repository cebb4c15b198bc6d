import { randomBytes } from 'node:crypto'
import type { APIResponse, Page } from '@playwright/test'
import { connectClient } from '#server/database/client.ts'
import type { RunOutcome, WireRun } from '#server/protocol/lab-runs.ts'
import type { RunOrder, Scenario } from '#server/protocol/lab-schemas.ts'
import { expect } from './app.ts'
import type { RunningApp } from './running-app.ts'

export type StoredRun = WireRun & { outcome: Extract<RunOutcome, { kind: 'scenario' }> }

const short: Scenario = {
  ...{ eventsPerSecond: 5, burst: 1, payloadBytes: 100, seconds: 4, pollMs: 500 },
  ...{ clients: { short: 3, long: 3, sse: 3, socket: 3 }, network: { kind: 'clean' } },
}
const overWithinMs = 90_000

/** Starts a short scenario. */
export function startScenario(app: RunningApp, changed: Partial<Scenario>): Promise<WireRun> {
  return startRun(app, { kind: 'scenario', scenario: { ...short, ...changed } })
}

/** Starts a run through this machine's API. */
export async function startRun({ port }: RunningApp, order: RunOrder): Promise<WireRun> {
  const answer = await fetch(`http://127.0.0.1:${port}/api/lab/runs`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(order),
  })
  expect(answer.status, await answer.clone().text()).toBe(201)
  return (await answer.json()) as WireRun
}

/** Runs a short scenario to its end, and returns what is stored of it. */
export async function storedRun(app: RunningApp, changed: Partial<Scenario>): Promise<StoredRun> {
  const { id } = await startScenario(app, changed)
  let run: WireRun | undefined
  const ended = async () => {
    run = (await (await fetch(`http://127.0.0.1:${app.port}/api/lab/runs/${id}`)).json()) as WireRun
    return run.failure ?? run.outcome?.kind
  }
  await expect.poll(ended, { timeout: overWithinMs }).toBe('scenario')
  if (run?.outcome?.kind !== 'scenario') throw new Error('The run has no report')
  return { ...run, outcome: run.outcome }
}

/** Stores a drill's or trap's run in the database as if it had been run, and returns its id. */
export async function keepRun({ databaseUrl }: RunningApp, outcome: RunOutcome): Promise<string> {
  const order =
    outcome.kind === 'drill'
      ? { drill: outcome.report.drill }
      : outcome.kind === 'trap' && { trap: outcome.report.trap }
  if (!order) throw new Error(`A ${outcome.kind} is played`)
  const id = randomBytes(12).toString('base64url')
  const client = await connectClient(databaseUrl)
  await client.query(
    `INSERT INTO lab_run (id, state, "order", outcome, "endedAt") VALUES ($1, 'done', $2, $3, CURRENT_TIMESTAMP)`,
    [id, JSON.stringify({ kind: outcome.kind, ...order }), JSON.stringify(outcome)],
  )
  await client.end()
  return id
}

/** A run's report as a file, by the link on its page. */
export async function report(page: Page, id: string, format: 'json' | 'csv'): Promise<APIResponse> {
  const link = page.getByRole('link', { name: format.toUpperCase() })
  await expect(link).toHaveAttribute('href', `/api/lab/runs/${id}/report.${format}`)
  const answer = await page.request.get(`/api/lab/runs/${id}/report.${format}`)
  expect(answer.status()).toBe(200)
  return answer
}

/** The rows of a CSV file without quoted commas, by the names in its header. */
export function csvRows(text: string): Record<string, string>[] {
  const [head = '', ...lines] = text.trim().split(/\r?\n/)
  const names = head.split(',')
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, nth) => [names[nth], cell])))
}
