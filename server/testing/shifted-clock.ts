/** `node --import` this to shift a process's wall clock by CLOCK_SHIFT_MS; its monotonic clock stays right. */
const shiftMs = Number(process.env.CLOCK_SHIFT_MS)
const RealDate = Date

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [RealDate.now() + shiftMs] : args, newTarget),
  apply: () => new Date().toString(),
  get: (target, key, receiver) =>
    key === 'now' ? () => RealDate.now() + shiftMs : Reflect.get(target, key, receiver),
})
