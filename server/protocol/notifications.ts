import type { currencies, LoanStatus, PaymentStatus } from './loans.ts'
import type { Person } from './people.ts'

export const notificationKinds = [
  'like',
  'comment',
  'mention',
  'loan',
  'payment',
  'sign-in',
  'alert',
  'invitation',
  'order',
  'application',
] as const

export type NotificationKind = (typeof notificationKinds)[number]

/** What a notification tells, by its kind. `excerpt` is the beginning of a text, 120 characters at most. */
export type NotificationData = {
  like: { postId: number; excerpt: string; by: Person }
  comment: { postId: number; commentId: number; excerpt: string; by: Person }
  mention: { excerpt: string; by: Person } & (
    | { postId: number; commentId?: number }
    | { roomId: string; roomName: string; seq?: number }
  )
  loan: { loanId: string; status: LoanStatus; note?: string }
  payment: {
    loanId: string
    paymentId: string
    status: PaymentStatus
    amountMinor: number
    currency: (typeof currencies)[number]
  }
  'sign-in': { device: string }
  alert: { alertId: number; title: string; body: string }
  invitation: { roomId: string; roomName: string; by: Person }
  /** To officers: an application has come under review. */
  application: {
    loanId: string
    by: Person
    amountMinor: number
    currency: (typeof currencies)[number]
    purpose: string
  }
  /** A limit order that rested has been filled. */
  order: { orderId: string; symbol: string; side: 'buy' | 'sell'; quantity: number; priceMinor: number }
}

export type Notice = {
  [Kind in NotificationKind]: { kind: Kind; data: NotificationData[Kind] }
}[NotificationKind]

/** `seq` is that of the entry which made it, on the reader's `user:` stream. */
export type WireNotification = { seq: number; at: string; readAt: string | null } & Notice

/** Newest first. `cursor` is the place on the `user:` stream from which the list is kept live. */
export type WireNotificationList = {
  items: WireNotification[]
  unread: number
  cursor: string
  nextBefore: string | null
}

/** How many are unread where the `user:` stream stands at `cursor`. */
export type WireUnread = { unread: number; cursor: string }

/** What a `user:` stream carries, by the entry's type. `unread` is the absolute count after it. */
export type UserEntryData = {
  'notification.made': Notice & { unread: number }
  'notification.withdrawn': { seq: number; unread: number }
  'notification.read': { readAt: string; unread: number } & ({ upTo: number } | { seqs: number[] })
}

/** Which kinds the reader wants. One that a client does not know of yet is wanted. */
export type Preferences = Record<NotificationKind, boolean>

/** A message of an officer to everybody; `sent` grows until `done`. */
export type WireAlert = { id: number; title: string; body: string; at: string; sent: number; done: boolean }

export type WireAlertList = { items: WireAlert[]; nextBefore: string | null }
