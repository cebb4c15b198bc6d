/** How much a bench is to do, and where its results go. */
export type BenchRun = {
  /** With fewer clients, to see that it works. */
  quick: boolean
  /** Turns of each arm. */
  rounds: number
  /** Another checkout of this repository, whose server takes turns with this one's. */
  against: string | undefined
  /** Prints a paragraph or a table, in Markdown, and keeps it for FIGURES.md. */
  add(markdown: string): void
}

export type Bench = (run: BenchRun) => Promise<void>
