/** Where the server leaves its news: one board per evaluated copy of this module. */
export const board: { copy: string; news: string[] } = { copy: crypto.randomUUID().slice(0, 8), news: [] }

/** Shared by all copies in one process: shows whether two copies are in the same process. */
const process = Symbol.for('wireside.trap.process')

/** Marks this process. */
export function markProcess(): void {
  Reflect.set(globalThis, process, true)
}

/** Whether the reading process was marked. */
export const isMarked = () => Reflect.get(globalThis, process) === true
