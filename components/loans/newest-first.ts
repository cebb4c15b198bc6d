import type { WirePayment } from '#server/protocol/loans.ts'

/** The union of both in the server's order; for a payment in both, the one from `read`. */
export function newestFirst(known: readonly WirePayment[], read: readonly WirePayment[]): WirePayment[] {
  const byId = new Map([...known, ...read].map((payment) => [payment.id, payment]))
  return [...byId.values()].sort((a, b) => compare(b.createdAt, a.createdAt) || compare(b.id, a.id))
}

/** The same on the server and in every browser, unlike `localeCompare`. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
