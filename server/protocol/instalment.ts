/** The nominal yearly rate of every loan. */
export const yearlyRate = 0.054

/**
 * The equal monthly payment that repays `amountMinor` in `termMonths` (annuity formula), in minor units, rounded
 * up so that the last instalment is never short.
 */
export function instalmentMinor(amountMinor: number, termMonths: number): number {
  const rate = yearlyRate / 12
  return Math.ceil((amountMinor * rate) / (1 - (1 + rate) ** -termMonths))
}
