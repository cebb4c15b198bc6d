import { browserClock } from '#components/live/clock.ts'
import { createPacketRecorder } from './packet-recorder.ts'

/** The one recorder of this browser page's socket; it lives on while the reader goes from page to page. */
export const pagePackets = createPacketRecorder(browserClock)
