import type { OpenSocket } from '#server/connections/open-socket.ts'
import { parseStartPosition } from '#server/deliver/cursor.ts'
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
import { type AccessDeps, streamOf } from './access.ts'
import type { Context } from './context.ts'
import { refusalOf } from './errors.ts'
import { problemOf, Refusal } from './problem.ts'
import { sendAtRate } from './routes/messages.ts'
import { placeOrderAtRate } from './routes/orders.ts'
import { readRoomUpTo } from './routes/rooms.ts'

export type CommandDeps = AccessDeps &
  Pick<
    Context,
    | 'logger'
    | 'nextRequestId'
    | 'clock'
    | 'log'
    | 'database'
    | 'limits'
    | 'presence'
    | 'userEvents'
    | 'sendMessage'
    | 'tradingDeps'
    | 'prices'
    | 'priceSubscriptions'
  >

type Verb<Name extends CommandName> = (
  deps: CommandDeps,
  socket: OpenSocket,
  command: Command<Name>,
) => Promise<CommandResults[Name]>

/** An `Ack`: the result of any command, or the refusal. */
export type CommandResult = ({ ok: true } & object) | Extract<Ack, { ok: false }>

type Run = (deps: CommandDeps, socket: OpenSocket, argument: unknown) => Promise<object>

/** How long someone counts as typing after one command, in ms. */
const typingMs = 5_000

/** WS9: the commands of a client, each with one argument of its schema in `protocol/socket.ts`. */
const commands = new Map<unknown, Run>([
  row('follow', follow),
  row('unfollow', async (_deps, socket, { stream }) => socket.unfollow(stream)),
  row('chat:send', send),
  row('chat:typing', typing),
  row('chat:read', (deps, { userId }, { roomId, upTo }) => readRoomUpTo(deps, userId, roomId, upTo)),
  row('order:place', placeOrder),
  row('order:cancel', cancel),
  row('prices:watch', watchPrices),
  row('prices:unwatch', unwatchPrices),
])

/** Executes the command in a packet as this user, and returns its acknowledgement. Never rejects. */
export async function executeCommand(
  deps: CommandDeps,
  socket: OpenSocket,
  name: unknown,
  args: readonly unknown[],
): Promise<CommandResult> {
  try {
    const command = commands.get(name)
    if (!command) throw new Refusal('not-found', 'Unknown command')
    if (args.length !== 1) throw new Refusal('bad-request', 'A command takes one argument')
    return { ok: true, ...(await command(deps, socket, args[0])) }
  } catch (error) {
    return { ok: false, problem: problemIn(deps, name, error) }
  }
}

function row<Name extends CommandName>(name: Name, verb: Verb<Name>) {
  const schema = commandSchemas[name]
  const run: Run = (deps, socket, argument) => verb(deps, socket, schema.parse(argument) as Command<Name>)
  return [name, run] as const
}

async function follow(deps: CommandDeps, socket: OpenSocket, { stream: name, after }: Command<'follow'>) {
  const found = await streamOf(deps, name, socket.session)
  const { stream } = found
  const most = deps.env.MAX_STREAMS_PER_SOCKET
  if (!socket.following.has(stream) && socket.following.size >= most) {
    const retry = { headers: { 'retry-after': '5' } }
    throw new Refusal('too-many-subscriptions', `A connection can follow at most ${most} streams`, retry)
  }
  const { feeds, revokesAccess } = found
  const head = await socket.follow(feeds, { stream, after: parseStartPosition(after), revokesAccess })
  return { stream, head }
}

async function send(deps: CommandDeps, { userId }: OpenSocket, command: Command<'chat:send'>) {
  const { roomId, ...draft } = command
  const { message } = await sendAtRate(deps, userId, roomId, draft)
  return { seq: message.seq, message }
}

/** Only someone who has the room open can be typing in it. */
async function typing(
  { limits, presence, clock }: CommandDeps,
  socket: OpenSocket,
  command: Command<'chat:typing'>,
) {
  const { roomId, typing: goesOn = true } = command
  if (!presence.isHere(roomId, socket)) throw new Refusal('forbidden', 'Follow the room first')
  await limits.countTyping(socket.userId)
  const forMs = goesOn ? typingMs : 0
  presence.typing(roomId, socket, { untilMs: Math.round(clock.nowMs()) + forMs, forMs })
  return {}
}

async function placeOrder(deps: CommandDeps, { userId }: OpenSocket, command: Command<'order:place'>) {
  const { clientOrderId, ...ticket } = command
  const { body } = await placeOrderAtRate(deps, userId, ticket, clientOrderId)
  const order = JSON.parse(body) as WireOrder
  return { id: order.id, status: order.status, order }
}

async function cancel(
  { limits, log, tradingDeps }: CommandDeps,
  { userId }: OpenSocket,
  command: Command<'order:cancel'>,
) {
  await limits.count('order', userId)
  return {
    order: await log.transact(
      (tx) => cancelOrder(tradingDeps, tx, userId, command.orderId),
      accountStream(userId),
    ),
  }
}

/** Adds symbols to those already watched; the first frame continues from the snapshot. */
async function watchPrices(deps: CommandDeps, socket: OpenSocket, { symbols }: Command<'prices:watch'>) {
  const { prices, priceSubscriptions, clock } = deps
  const unknown = symbols.find((symbol) => !prices.symbols.includes(symbol))
  if (unknown !== undefined) throw new Refusal('not-found', `Unknown instrument ${unknown}`)
  const watched = new Set([...priceSubscriptions.symbolsOf(socket), ...symbols])
  priceSubscriptions.watch(
    socket,
    prices.symbols.filter((symbol) => watched.has(symbol)),
    prices.version(),
  )
  return { snapshot: { at: new Date(clock.nowMs()).toISOString(), ticks: prices.changedSince(-1, symbols) } }
}

async function unwatchPrices(deps: CommandDeps, socket: OpenSocket, { symbols }: Command<'prices:unwatch'>) {
  const { prices, priceSubscriptions } = deps
  const left = symbols
    ? priceSubscriptions.symbolsOf(socket).filter((symbol) => !symbols.includes(symbol))
    : []
  if (left.length > 0) priceSubscriptions.watch(socket, left, prices.version())
  else priceSubscriptions.leave(socket)
  return {}
}

/** The same document as over HTTP, with the delay for a retry, for which there are no headers here. */
function problemIn({ env, logger, nextRequestId }: CommandDeps, name: unknown, error: unknown) {
  const refusal = refusalOf(error)
  if (refusal.status >= 500) {
    logger[refusal.status === 503 ? 'warn' : 'error']({ command: name, err: error }, refusal.message)
  }
  const problem = problemOf(refusal, env.BASE_URL, socketPath, nextRequestId())
  const seconds = refusal.extra.headers?.['retry-after']
  return seconds === undefined ? problem : { ...problem, retryAfterMs: Number(seconds) * 1_000 }
}
