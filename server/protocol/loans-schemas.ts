import { z } from 'zod'
import { currencies, loanLimits } from './loans.ts'
import { text } from './text-schemas.ts'

export const loanApplicationSchema = z.strictObject({
  amountMinor: z
    .int('Must be a whole number of minor units (cents)')
    .min(loanLimits.minMinor, 'At least 100.00')
    .max(loanLimits.maxMinor, 'At most 1,000,000.00'),
  currency: z.enum(currencies),
  purpose: text(120),
  termMonths: z
    .int('Must be a whole number of months')
    .min(loanLimits.minMonths, 'Between 6 and 120 months')
    .max(loanLimits.maxMonths, 'Between 6 and 120 months'),
  /** Monthly, net. */
  incomeMinor: z
    .int('Must be a whole number of minor units (cents)')
    .min(0, 'At least 0.00')
    .max(loanLimits.maxMinor, 'At most 1,000,000.00')
    .optional(),
})

export type LoanApplication = z.infer<typeof loanApplicationSchema>

export const decisionSchema = z.strictObject({
  decision: z.enum(['approve', 'decline', 'retry']),
  note: text(500).optional(),
})

export type Decision = z.infer<typeof decisionSchema>

export const paymentSchema = z.strictObject({
  amountMinor: z
    .int('Must be a whole number of minor units (cents)')
    .min(1, 'At least 0.01')
    .max(loanLimits.maxMinor, 'At most 1,000,000.00'),
})

export type PaymentOrder = z.infer<typeof paymentSchema>
