import type { OpenSocket } from '#server/connections/open-socket.ts'
import { parsePlace } from '#server/deliver/cursor.ts'
import { cancelOrder } from '#server/domain/trading/end-order.ts'
import { accountStream } from '#server/domain/trading/trading-deps.ts'
import {
  type Ack,
  type Command,
  type CommandName,
  type CommandResults,
  commandSchemas,
  socketPath,
} from '#server/protocol/socket.ts'
import type { WireOrder } from '#server/protocol/trading.ts'
import { streamOf } from './access.ts'
import type { Context } from './context.ts'
import { refusalOf } from './errors.ts'
import { problemOf, Refusal } from './problem.ts'
import { sendAtRate } from './routes/messages.ts'
import { placeOrderAtRate } from './routes/orders.ts'
import { readRoomUpTo } from './routes/rooms.ts'

type Verb<Name extends CommandName> = (
  context: Context,
  socket: OpenSocket,
  command: Command<Name>,
) => Promise<CommandResults[Name]>

/** An `Ack`: the result of whichever command it was, or why it was refused. */
export type CommandAnswer = ({ ok: true } & object) | Extract<Ack, { ok: false }>

type Run = (context: Context, socket: OpenSocket, argument: unknown) => Promise<object>

/** How long somebody counts as typing who says no more, in ms. */
const typingMs = 5_000

/** WS9: what a client may ask for, each with one argument of its schema in `protocol/socket.ts`. */
const commands = new Map<unknown, Run>([
  row('follow', follow),
  row('unfollow', async (_context, socket, { stream }) => socket.unfollow(stream)),
  row('chat:send', send),
  row('chat:typing', typing),
  row('chat:read', (context, { userId }, { roomId, upTo }) => readRoomUpTo(context, userId, roomId, upTo)),
  row('order:place', placeOrder),
  row('order:cancel', cancel),
  row('prices:watch', watchPrices),
  row('prices:unwatch', unwatchPrices),
])

/** Does what a packet asks for, as this user, and gives what it is acknowledged with. Never rejects. */
export async function answerCommand(
  context: Context,
  socket: OpenSocket,
  name: unknown,
  args: readonly unknown[],
): Promise<CommandAnswer> {
  try {
    const command = commands.get(name)
    if (!command) throw new Refusal('not-found', 'There is no such command')
    if (args.length !== 1) throw new Refusal('bad-request', 'A command has one argument')
    return { ok: true, ...(await command(context, socket, args[0])) }
  } catch (error) {
    return { ok: false, problem: problemIn(context, name, error) }
  }
}

function row<Name extends CommandName>(name: Name, verb: Verb<Name>) {
  const schema = commandSchemas[name]
  const run: Run = (context, socket, argument) =>
    verb(context, socket, schema.parse(argument) as Command<Name>)
  return [name, run] as const
}

async function follow(context: Context, socket: OpenSocket, { stream: name, after }: Command<'follow'>) {
  const found = await streamOf(context, name, socket.session)
  const { stream } = found
  const most = context.env.MAX_STREAMS_PER_SOCKET
  if (!socket.following.has(stream) && socket.following.size >= most) {
    const retry = { headers: { 'retry-after': '5' } }
    throw new Refusal('too-many-subscriptions', `A connection follows at most ${most} streams`, retry)
  }
  const first = await found.feeds.read(stream, parsePlace(after))
  if (socket.isOver) throw new Refusal('unauthenticated', 'The connection has ended')
  return { stream, head: socket.follow(found, first) }
}

async function send(context: Context, { userId }: OpenSocket, command: Command<'chat:send'>) {
  const { roomId, ...draft } = command
  const { message } = await sendAtRate(context, userId, roomId, draft)
  return { seq: message.seq, message }
}

/** Only who has the room open can be typing in it. */
async function typing(
  { limits, presence, clock }: Context,
  socket: OpenSocket,
  command: Command<'chat:typing'>,
) {
  const { roomId, typing: goesOn = true } = command
  if (!presence.isHere(roomId, socket)) throw new Refusal('forbidden', 'Follow the room first')
  limits.countTyping(socket.userId)
  const forMs = goesOn ? typingMs : 0
  presence.typing(roomId, socket, { untilMs: Math.round(clock.nowMs()) + forMs, forMs })
  return {}
}

async function placeOrder(context: Context, { userId }: OpenSocket, command: Command<'order:place'>) {
  const { clientOrderId, ...ticket } = command
  const { body } = await placeOrderAtRate(context, userId, ticket, clientOrderId)
  const order = JSON.parse(body) as WireOrder
  return { id: order.id, status: order.status, order }
}

async function cancel(
  { limits, log, trading }: Context,
  { userId }: OpenSocket,
  command: Command<'order:cancel'>,
) {
  await limits.count('order', userId)
  return {
    order: await log.transact(
      (tx) => cancelOrder(trading, tx, userId, command.orderId),
      accountStream(userId),
    ),
  }
}

/** What is watched from now on besides what was: the snapshot is what the first frame goes on from. */
async function watchPrices(context: Context, socket: OpenSocket, { symbols }: Command<'prices:watch'>) {
  const { prices, priceFlows, clock } = context
  const unknown = symbols.find((symbol) => !prices.symbols.includes(symbol))
  if (unknown !== undefined) throw new Refusal('not-found', `There is no instrument ${unknown}`)
  const watched = new Set([...priceFlows.symbolsOf(socket), ...symbols])
  priceFlows.watch(
    socket,
    prices.symbols.filter((symbol) => watched.has(symbol)),
    prices.version(),
  )
  return { snapshot: { at: new Date(clock.nowMs()).toISOString(), ticks: prices.changedSince(-1, symbols) } }
}

async function unwatchPrices(context: Context, socket: OpenSocket, { symbols }: Command<'prices:unwatch'>) {
  const { prices, priceFlows } = context
  const left = symbols ? priceFlows.symbolsOf(socket).filter((symbol) => !symbols.includes(symbol)) : []
  if (left.length > 0) priceFlows.watch(socket, left, prices.version())
  else priceFlows.leave(socket)
  return {}
}

/** The same document as over HTTP. There are no headers to say when to come back, so it says so itself. */
function problemIn({ env, logger, nextRequestId }: Context, name: unknown, error: unknown) {
  const refusal = refusalOf(error)
  if (refusal.status >= 500) {
    logger[refusal.status === 503 ? 'warn' : 'error']({ command: name, err: error }, refusal.message)
  }
  const problem = problemOf(refusal, env.BASE_URL, socketPath, nextRequestId())
  const seconds = refusal.extra.headers?.['retry-after']
  return seconds === undefined ? problem : { ...problem, retryAfterMs: Number(seconds) * 1_000 }
}
