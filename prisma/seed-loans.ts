import type { Client } from 'pg'
import type { LoanStatus } from '#server/protocol/loans.ts'

const dayMinutes = 24 * 60

/** A loan with a past: each stage with its age in minutes, and cleared payments of instalments. */
type DemoLoan = {
  id: string
  applicant: string
  amountMinor: number
  purpose: string
  termMonths: number
  incomeMinor: number
  stages: readonly (readonly [LoanStatus, minutesAgo: number])[]
  payments: readonly { id: string; amountMinor: number; minutesAgo: number }[]
}

const before = (minutes: number) =>
  [
    ['submitted', minutes],
    ['verifying', minutes - 1],
    ['credit-check', minutes - 2],
    ['under-review', minutes - 3],
  ] as const

const heatPumpAgo = 95 * dayMinutes

/** One being repaid, and one waiting for an officer. */
const demoLoans: readonly DemoLoan[] = [
  {
    id: 'L-HEATPVMP01',
    applicant: 'demo-nora',
    amountMinor: 1_850_000,
    purpose: 'a heat pump',
    termMonths: 36,
    incomeMinor: 420_000,
    stages: [
      ...before(heatPumpAgo),
      ['approved', heatPumpAgo - 60],
      ['paying-out', heatPumpAgo - 61],
      ['paid-out', heatPumpAgo - 63],
    ],
    payments: [
      { id: 'P-HEATPVMP01', amountMinor: 55_780, minutesAgo: 65 * dayMinutes },
      { id: 'P-HEATPVMP02', amountMinor: 55_780, minutesAgo: 35 * dayMinutes },
      { id: 'P-HEATPVMP03', amountMinor: 55_780, minutesAgo: 4 * dayMinutes },
    ],
  },
  {
    id: 'L-BAKERS0VEN',
    applicant: 'demo-nora',
    amountMinor: 640_000,
    purpose: 'a baker’s oven',
    termMonths: 24,
    incomeMinor: 420_000,
    stages: before(40),
    payments: [],
  },
]

/** Adds missing demo loans whose applicants exist. Existing loans stay as they are. */
export async function seedLoans(client: Client): Promise<void> {
  for (const loan of demoLoans) {
    await client.query('BEGIN')
    if (await add(loan, client)) await fill(loan, client)
    await client.query('COMMIT')
  }
}

async function add(loan: DemoLoan, client: Client): Promise<boolean> {
  const { id, applicant, amountMinor, purpose, termMonths, incomeMinor, stages } = loan
  const { rowCount } = await client.query(
    `INSERT INTO loan (id, "applicantId", status, "amountMinor", currency, purpose, "termMonths", "incomeMinor", "createdAt")
     SELECT $1, id, $3, $4, 'EUR', $5, $6, $7, now() - make_interval(mins => $8) FROM "user" WHERE id = $2
     ON CONFLICT DO NOTHING`,
    [id, applicant, stages.at(-1)?.[0], amountMinor, purpose, termMonths, incomeMinor, stages[0]?.[1]],
  )
  return rowCount === 1
}

/** Appends no entries: nobody was following, so the loan's stream starts with its next change. */
async function fill({ id, stages, payments }: DemoLoan, client: Client) {
  for (const [status, minutesAgo] of stages) {
    await client.query(
      `INSERT INTO loan_stage ("loanId", status, at) VALUES ($1, $2, now() - make_interval(mins => $3))`,
      [id, status, minutesAgo],
    )
  }
  for (const payment of payments) {
    await client.query(
      `INSERT INTO payment (id, "loanId", status, "amountMinor", seq, "createdAt")
       VALUES ($1, $2, 'cleared', $3, 0, now() - make_interval(mins => $4))`,
      [payment.id, id, payment.amountMinor, payment.minutesAgo],
    )
  }
}
