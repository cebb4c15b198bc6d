import type { OpenClient } from './client.ts'
import { openStreaming } from './streaming.ts'

/** The event stream of most tutorials: reconnects without saying what it has received, and gets only what is new. */
export const openControl: OpenClient = (going, hear) => openStreaming(going, hear, 'naive')
