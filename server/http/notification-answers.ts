import { z } from 'zod'
import {
  currencies,
  cursorPattern,
  loanStatuses,
  type NotificationData,
  type WireAlert,
  type WireAlertList,
  type WireNotification,
  type WireNotificationList,
  type WireUnread,
} from '#server/protocol/protocol.ts'
import { personAnswer } from './answers.ts'

const room = { roomId: z.string(), roomName: z.string(), by: personAnswer }
const told = { postId: z.int(), excerpt: z.string(), by: personAnswer }

/** What each kind of notification tells. */
const dataOf = {
  like: z.strictObject(told),
  comment: z.strictObject({ ...told, commentId: z.int() }),
  mention: z.union([
    z.strictObject({ ...told, commentId: z.int().optional() }),
    z.strictObject({ ...room, seq: z.int().optional(), excerpt: z.string() }),
  ]),
  loan: z.strictObject({ loanId: z.string(), status: z.enum(loanStatuses), note: z.string().optional() }),
  payment: z.strictObject({
    loanId: z.string(),
    paymentId: z.string(),
    status: z.enum(['pending', 'processing', 'cleared', 'failed']),
    amountMinor: z.int(),
    currency: z.enum(currencies),
  }),
  'sign-in': z.strictObject({ device: z.string() }),
  alert: z.strictObject({ alertId: z.int(), title: z.string(), body: z.string() }),
  invitation: z.strictObject(room),
  order: z.strictObject({
    orderId: z.string(),
    symbol: z.string(),
    side: z.enum(['buy', 'sell']),
    quantity: z.int(),
    priceMinor: z.int(),
  }),
} satisfies { [Kind in keyof NotificationData]: z.ZodType<NotificationData[Kind]> }

const common = { seq: z.int(), at: z.iso.datetime(), readAt: z.iso.datetime().nullable() }

export const notificationAnswer = z
  .discriminatedUnion('kind', [
    z.strictObject({ ...common, kind: z.literal('like'), data: dataOf.like }),
    z.strictObject({ ...common, kind: z.literal('comment'), data: dataOf.comment }),
    z.strictObject({ ...common, kind: z.literal('mention'), data: dataOf.mention }),
    z.strictObject({ ...common, kind: z.literal('loan'), data: dataOf.loan }),
    z.strictObject({ ...common, kind: z.literal('payment'), data: dataOf.payment }),
    z.strictObject({ ...common, kind: z.literal('sign-in'), data: dataOf['sign-in'] }),
    z.strictObject({ ...common, kind: z.literal('alert'), data: dataOf.alert }),
    z.strictObject({ ...common, kind: z.literal('invitation'), data: dataOf.invitation }),
    z.strictObject({ ...common, kind: z.literal('order'), data: dataOf.order }),
  ])
  .meta({ id: 'Notification' }) satisfies z.ZodType<WireNotification>

export const notificationListAnswer = z.strictObject({
  items: z.array(notificationAnswer),
  unread: z.int(),
  cursor: z.string().regex(cursorPattern),
  nextBefore: z.string().nullable(),
}) satisfies z.ZodType<WireNotificationList>

export const unreadAnswer = z.strictObject({
  unread: z.int(),
  cursor: z.string().regex(cursorPattern),
}) satisfies z.ZodType<WireUnread>

export const alertAnswer = z
  .strictObject({
    id: z.int(),
    title: z.string(),
    body: z.string(),
    at: z.iso.datetime(),
    sent: z.int(),
    done: z.boolean(),
  })
  .meta({ id: 'Alert' }) satisfies z.ZodType<WireAlert>

export const alertListAnswer = z.strictObject({
  items: z.array(alertAnswer),
  nextBefore: z.string().nullable(),
}) satisfies z.ZodType<WireAlertList>
