/** What the page counts of a stream's seqs: how many never came, how many came again. `last` is the newest. */
export type Tally = { last: number; lost: number; twice: number }

export function firstTally(head: number): Tally {
  return { last: head, lost: 0, twice: 0 }
}

/** The tally after one more seq: every step must be one. */
export function tallied({ last, lost, twice }: Tally, seq: number): Tally {
  if (seq <= last) return { last, lost, twice: twice + 1 }
  return { last: seq, lost: lost + seq - last - 1, twice }
}
