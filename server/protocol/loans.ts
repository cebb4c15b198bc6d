import type { Person } from './people.ts'

export const currencies = ['EUR', 'USD', 'GBP', 'CHF'] as const

export const loanLimits = { minMinor: 10_000, maxMinor: 100_000_000, minMonths: 6, maxMonths: 120 } as const

export const loanStatuses = [
  'submitted',
  'verifying',
  'credit-check',
  'under-review',
  'approved',
  'declined',
  'withdrawn',
  'paying-out',
  'paid-out',
  'failed',
] as const

export type LoanStatus = (typeof loanStatuses)[number]

/** States that no step leaves; `failed` is not one, because an officer may retry. */
export const finalLoanStatuses: readonly LoanStatus[] = ['declined', 'withdrawn', 'paid-out']

export type PaymentStatus = 'pending' | 'processing' | 'cleared' | 'failed'

export const finalPaymentStatuses: readonly PaymentStatus[] = ['cleared', 'failed']

/** The applicant may withdraw until an officer has decided. */
export const withdrawableLoanStatuses: readonly LoanStatus[] = [
  'submitted',
  'verifying',
  'credit-check',
  'under-review',
]

export type WirePayment = {
  id: string
  loanId: string
  status: PaymentStatus
  amountMinor: number
  createdAt: string
  /** Why it failed, in a sentence. */
  failure?: string
  cursor: string
}

export type WireStage = { status: LoanStatus; at: string; note?: string }

/** `outstandingMinor` is what has not been repaid; payments in flight count as repaid. */
export type WireLoan = {
  id: string
  status: LoanStatus
  amountMinor: number
  currency: (typeof currencies)[number]
  purpose: string
  termMonths: number
  /** Monthly, net; absent when the applicant did not state it. */
  incomeMinor?: number
  instalmentMinor: number
  outstandingMinor: number
  applicant: Person
  /** The officer who has taken the case; absent while any officer may decide. */
  officer?: Person
  createdAt: string
  stages: WireStage[]
  /** Newest first: 50 for a single loan, 10 for each in a list. */
  payments: WirePayment[]
  /** Where `GET /api/loans/{id}/payments` continues; absent when these are all. */
  paymentsNextBefore?: string
  cursor: string
}

/** Points for and against a loan. `score` is from 0 to 100; the reasons' points add up to it, within those bounds. */
export type WireAssessment = {
  score: number
  reasons: { points: number; text: string }[]
  history: {
    /** The applicant's other loans, newest first, 20 at most. */
    loans: Pick<WireLoan, 'id' | 'status' | 'amountMinor' | 'currency' | 'purpose' | 'createdAt'>[]
    repaid: number
    declined: number
    failedPayments: number
  }
}

export type WirePaymentList = { items: WirePayment[]; nextBefore: string | null }

export type WireLoanList = { items: WireLoan[]; nextBefore: string | null }
