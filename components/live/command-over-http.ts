import type { WireMessage, WireRoomRead } from '#server/protocol/chat.ts'
import type { Command, CommandName, CommandResults } from '#server/protocol/socket.ts'
import type { WireOrder } from '#server/protocol/trading.ts'
import type { Fetch } from './ask.ts'
import { type Sent, sendJson } from './send-json.ts'

/** The commands that are requests over HTTP; following and watching are something else there. */
export type RequestCommand = 'chat:send' | 'chat:read' | 'order:place' | 'order:cancel'

/** A command as a request, and its answer as the command's result. */
type Request<Result> = {
  method?: 'POST' | 'DELETE'
  url: string
  body?: object
  key?: string
  result: (answer: never) => Result
}

const requests: { [Name in RequestCommand]: (command: Command<Name>) => Request<CommandResults[Name]> } = {
  'chat:send': ({ roomId, ...draft }) => ({
    url: `/api/rooms/${roomId}/messages`,
    body: draft,
    result: (message: WireMessage) => ({ seq: message.seq, message }),
  }),
  'chat:read': ({ roomId, upTo }) => ({
    url: `/api/rooms/${roomId}/read`,
    body: { upTo },
    result: (read: WireRoomRead) => read,
  }),
  'order:place': ({ clientOrderId, ...ticket }) => ({
    url: '/api/orders',
    body: ticket,
    key: clientOrderId,
    result: (order: WireOrder) => ({ id: order.id, status: order.status, order }),
  }),
  'order:cancel': ({ orderId }) => ({
    method: 'DELETE',
    url: `/api/orders/${orderId}`,
    result: (order: WireOrder) => ({ order }),
  }),
}

/** Whether a command is one of them. */
export function isRequest(name: CommandName): name is RequestCommand {
  return name in requests
}

/** Sends a command as the request that does the same, once. Never rejects. */
export async function sendOverHttp(
  fetch: Fetch,
  name: RequestCommand,
  command: Command<CommandName>,
): Promise<Sent<object>> {
  const requestOf = requests[name] as (command: Command<CommandName>) => Request<object>
  const { method, url, body, key, result } = requestOf(command)
  const sent = await sendJson<never>(fetch, url, body, key, method)
  return sent.state === 'done' ? { ...sent, value: result(sent.value) } : sent
}
