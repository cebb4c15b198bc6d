import { type Sent, sendJson, unansweredWords } from '#components/live/send-json.ts'
import { pageRecorder } from '#components/wire/page-recorder.ts'
import type { WireMessage, WireRoom } from '#server/protocol/chat.ts'
import type { RoomDraft } from '#server/protocol/chat-schemas.ts'

/** A reader's requests about rooms and messages over HTTP, each with its outcome. */

/** With the same `key` it is created once. */
export function createRoom(draft: RoomDraft, key: string): Promise<Sent<WireRoom>> {
  return sendJson(pageRecorder.fetch, '/api/rooms', draft, key)
}

/** Joins a public room, or accepts an invitation. */
export function joinRoom(roomId: string): Promise<Sent<WireRoom>> {
  return order('PUT', `/${roomId}/membership`)
}

/** Leaves a room, or declines an invitation. */
export function leaveRoom(roomId: string): Promise<Sent<unknown>> {
  return order('DELETE', `/${roomId}/membership`)
}

export function invite(roomId: string, userId: string): Promise<Sent<unknown>> {
  return order('POST', `/${roomId}/invitations`, { userId })
}

export function removeMember(roomId: string, userId: string): Promise<Sent<unknown>> {
  return order('DELETE', `/${roomId}/members/${userId}`)
}

export function editMessage(roomId: string, seq: number, body: string): Promise<Sent<WireMessage>> {
  return order('PATCH', `/${roomId}/messages/${seq}`, { body })
}

export function deleteMessage(roomId: string, seq: number): Promise<Sent<unknown>> {
  return order('DELETE', `/${roomId}/messages/${seq}`)
}

/** Adds the reader's reaction, or removes it. */
export function react(roomId: string, seq: number, emoji: string, added: boolean): Promise<Sent<unknown>> {
  const url = `/${roomId}/messages/${seq}/reactions/${encodeURIComponent(emoji)}`
  return order(added ? 'PUT' : 'DELETE', url)
}

/** The title of a failed request: `refused` only if it is known to be refused. */
export function failureTitle({ state }: Exclude<Sent<unknown>, { state: 'done' }>, refused: string): string {
  return state === 'refused' ? refused : 'Not confirmed.'
}

/** Why a request was not carried out, or is not known to be, as a sentence. */
export function failureReason(sent: Exclude<Sent<unknown>, { state: 'done' }>): string {
  if (sent.state === 'unanswered')
    return `${unansweredWords(sent)} It may have gone through; it’s safe to try again.`
  return `${sent.problem.detail ?? sent.problem.title}.`
}

type Method = 'POST' | 'PUT' | 'PATCH' | 'DELETE'

function order<T>(method: Method, path: string, body?: unknown): Promise<Sent<T>> {
  return sendJson<T>(pageRecorder.fetch, `/api/rooms${path}`, body, undefined, method)
}
