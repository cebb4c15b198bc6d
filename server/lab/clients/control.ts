import type { OpenClient } from './client.ts'
import { openStreaming } from './streaming.ts'

/** The event stream of most tutorials: comes back without saying what it has seen, and is given what is new by then. */
export const openControl: OpenClient = (going, hear) => openStreaming(going, hear, 'naive')
