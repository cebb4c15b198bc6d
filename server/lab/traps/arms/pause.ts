/** Resolves after `ms`; rejects when `signal` aborts before. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const left = () => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', left)
      resolve()
    }, ms)
    if (signal.aborted) left()
    else signal.addEventListener('abort', left, { once: true })
  })
}
