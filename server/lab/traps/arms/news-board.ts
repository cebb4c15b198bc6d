/** Where the server leaves its news: one board for each copy of this module that is evaluated. */
export const board: { copy: string; news: string[] } = { copy: crypto.randomUUID().slice(0, 8), news: [] }

/** Something that all copies in one process do share: whether two of them are in the same one. */
const process = Symbol.for('wireside.trap.process')

/** Marks this process, once. */
export function markProcess(): void {
  Reflect.set(globalThis, process, true)
}

/** Whether the process that reads this was marked. */
export const isMarked = () => Reflect.get(globalThis, process) === true
