import type { OpenClient } from './client.ts'
import { openStreaming } from './streaming.ts'

/** Server-Sent Events: resumes by `Last-Event-ID`, and takes a stream that has not beaten for two beats and a half for dead. */
export const openEventStream: OpenClient = (going, hear) => openStreaming(going, hear, 'ours')
