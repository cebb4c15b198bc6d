export { fullJitterMs } from '#server/protocol/full-jitter.ts'
