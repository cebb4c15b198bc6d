import type { Batch } from '#server/log/log.ts'

/** Wraps `encode` to run once per batch: all readers at one position share the batch, and so its bytes. */
export function shared<Encoded>(encode: (batch: Batch) => Encoded): (batch: Batch) => Encoded
export function shared<Encoded, Argument>(
  encode: (batch: Batch, argument: Argument) => Encoded,
): (batch: Batch, argument: Argument) => Encoded
export function shared<Encoded, Argument>(encode: (batch: Batch, argument: Argument) => Encoded) {
  const encodings = new WeakMap<Batch, Encoded>()
  return (batch: Batch, argument: Argument) => {
    let encoding = encodings.get(batch)
    if (encoding === undefined) {
      encoding = encode(batch, argument)
      encodings.set(batch, encoding)
    }
    return encoding
  }
}
