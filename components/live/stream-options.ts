import type { Wire } from './ask.ts'
import type { StreamAttention } from './stream-attention.ts'

export type StreamOptions = Wire & {
  attention: StreamAttention
  random?: () => number
  signal: AbortSignal
}
