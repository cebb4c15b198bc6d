import type { OpenClient } from './client.ts'
import { openStreaming } from './streaming.ts'

/**
 * Server-Sent Events: resumes by `Last-Event-ID`, and treats a stream as dead after two and a half beats of silence.
 */
export const openEventStream: OpenClient = (going, hear) => openStreaming(going, hear, 'ours')
