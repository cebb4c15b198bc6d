import type { LoanStatus } from '#server/protocol/loans.ts'

/** There is no such loan or payment, or the caller may not see it: indistinguishable on purpose. */
export class LoanNotFound extends Error {
  override name = 'LoanNotFound'
}

/** The caller may see the loan but not do this with it. */
export class NotPermitted extends Error {
  override name = 'NotPermitted'
}

/** The loan is past the required state, or has not reached it. */
export class LoanInOtherState extends Error {
  override name = 'LoanInOtherState'
  readonly status: LoanStatus

  constructor(status: LoanStatus, message: string) {
    super(message)
    this.status = status
  }
}

/** Another officer has the case. */
export class CaseTaken extends Error {
  override name = 'CaseTaken'
  readonly status: LoanStatus

  constructor(status: LoanStatus, officerName: string) {
    super(`${officerName} has taken this case`)
    this.status = status
  }
}

/** The amount exceeds what is still owed. */
export class PaymentExceedsDebt extends Error {
  override name = 'PaymentExceedsDebt'
  readonly outstandingMinor: number

  constructor(outstandingMinor: number) {
    super('The payment is more than is still owed')
    this.outstandingMinor = outstandingMinor
  }
}
