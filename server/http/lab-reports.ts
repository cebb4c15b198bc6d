import { z } from 'zod'
import { reportCsv } from '#server/lab/runs/report-csv.ts'
import type { RunOutcome, WireRun } from '#server/protocol/lab-runs.ts'
import type { Routes } from './api.ts'
import { runAnswer } from './lab-answers.ts'
import { Refusal } from './problem.ts'

const params = z.object({ id: z.string() })

/** The report of a run as files to keep. */
export const labReportRoutes: Routes = (api, { runs }) => {
  const json = {
    params,
    answers: { 200: runAnswer.loose() },
    summary: 'The run and its report as a JSON file; the figures of each lane stand at the top, too',
  }
  api.get('/api/lab/runs/:id/report.json', { schema: json }, async (request, reply) => {
    const run = withReport(await runs.read(request.params.id))
    const lanes = run.outcome.kind === 'scenario' ? run.outcome.report.lanes : {}
    return reply
      .headers(download(run, 'json'))
      .type('application/json; charset=utf-8')
      .send(`${JSON.stringify({ ...lanes, ...run }, null, 2)}\n`)
  })

  const csv = { params, answers: { 200: z.string() }, summary: 'The figures of a run as CSV, a row a lane' }
  api.get('/api/lab/runs/:id/report.csv', { schema: csv }, async (request, reply) => {
    const run = withReport(await runs.read(request.params.id))
    return reply
      .headers(download(run, 'csv'))
      .type('text/csv; charset=utf-8; header=present')
      .send(reportCsv(run))
  })
}

function withReport(run: WireRun): WireRun & { outcome: RunOutcome } {
  const { outcome } = run
  if (!outcome) throw new Refusal('not-found', 'The run has no report')
  return { ...run, outcome }
}

function download({ number }: WireRun, kind: string): Record<string, string> {
  return {
    'content-disposition': `attachment; filename="wireside-run-${number}.${kind}"`,
    'cache-control': 'no-store',
  }
}
