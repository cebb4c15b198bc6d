import type { WirePayment } from '#server/protocol/loans.ts'

/** All of them once, as the server orders them; of one that is in both, what was read later. */
export function newestFirst(known: readonly WirePayment[], read: readonly WirePayment[]): WirePayment[] {
  const byId = new Map([...known, ...read].map((payment) => [payment.id, payment]))
  return [...byId.values()].sort((a, b) => compare(b.createdAt, a.createdAt) || compare(b.id, a.id))
}

/** The same on the server and in every browser, which `localeCompare` is not. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
