/**
 * The demo's bank, which says no on request: an amount whose cents end in 13 is refused, a payment every time, a
 * pay-out the first time only.
 */
export function bankRefusesPayment(amountMinor: number): string | undefined {
  return amountMinor % 100 === 13 ? 'The bank refused the debit: not enough money in the account' : undefined
}

export function bankRefusesPayOut(amountMinor: number, earlierRefusals: number): string | undefined {
  return amountMinor % 100 === 13 && earlierRefusals === 0
    ? 'The bank refused the transfer: the receiving account did not answer'
    : undefined
}
