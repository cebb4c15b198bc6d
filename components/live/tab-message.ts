import type { StreamStep } from './stream-step.ts'
import type { StreamView } from './stream-view.ts'

/** What the tabs of one browser tell each other about the stream they share. */
export type TabMessage =
  /** A follower asks whether the leader is there; `hello`: and how the wire stands. */
  | { type: 'ask'; hello: boolean }
  /** The leader is there. `unseenSinceMs`: since when nobody has seen it. */
  | { type: 'here'; unseenSinceMs: number | undefined }
  /** How the wire stands, and the step that brought it there. */
  | { type: 'wire'; view: StreamView; step?: StreamStep }
  /** Somebody wants the stream opened at once. */
  | { type: 'try-now' }

/** The line between the tabs; what is posted reaches all others. */
export type Channel = { post: (message: TabMessage) => void; close: () => void }
export type OpenChannel = (name: string, heard: (message: TabMessage) => void) => Channel

/** What is used of Web Locks. */
export type Locks = Pick<LockManager, 'request' | 'query'>

export const openBroadcastChannel: OpenChannel = (name, heard) => {
  const channel = new BroadcastChannel(name)
  channel.onmessage = ({ data }: MessageEvent<TabMessage>) => heard(data)
  return { post: (message) => channel.postMessage(message), close: () => channel.close() }
}
