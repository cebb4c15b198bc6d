import { browserClock } from '#components/live/clock.ts'
import { createPacketRecorder } from './packet-recorder.ts'

/** The recorder of this page's socket, kept across client-side navigation. */
export const pagePackets = createPacketRecorder(browserClock)
