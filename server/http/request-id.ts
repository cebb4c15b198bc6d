/** Ids that stand in the logs, the problem document and `X-Request-Id`: unique in one process, and short. */
export function requestIds(): () => string {
  const process = crypto.randomUUID().slice(0, 4)
  let requests = 0
  return () => `r-${process}${(requests++).toString(36).padStart(4, '0')}`
}
