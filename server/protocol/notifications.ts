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

/** A notification's data, by kind. `excerpt` is the beginning of a text, at most 120 characters. */
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
  /** For officers: an application has come under review. */
  application: {
    loanId: string
    by: Person
    amountMinor: number
    currency: (typeof currencies)[number]
    purpose: string
  }
  /** A resting limit order was filled. */
  order: { orderId: string; symbol: string; side: 'buy' | 'sell'; quantity: number; priceMinor: number }
}

export type Notice = {
  [Kind in NotificationKind]: { kind: Kind; data: NotificationData[Kind] }
}[NotificationKind]

/** `seq` is that of its entry on the reader's `user:` stream. */
export type WireNotification = { seq: number; at: string; readAt: string | null } & Notice

/** Newest first. `cursor` is where to follow the `user:` stream from to keep the list live. */
export type WireNotificationList = {
  items: WireNotification[]
  unread: number
  cursor: string
  nextBefore: string | null
}

/** The unread count as of `cursor` on the `user:` stream. */
export type WireUnread = { unread: number; cursor: string }

/** The data of a `user:` stream's entries, by type. `unread` is the absolute count after it. */
export type UserEntryData = {
  'notification.made': Notice & { unread: number }
  'notification.withdrawn': { seq: number; unread: number }
  'notification.read': { readAt: string; unread: number } & ({ upTo: number } | { seqs: number[] })
}

/** The kinds that the reader wants. A kind that a client does not list is wanted. */
export type Preferences = Record<NotificationKind, boolean>

/** An officer's message to everybody; `sent` grows until `done`. */
export type WireAlert = { id: number; title: string; body: string; at: string; sent: number; done: boolean }

export type WireAlertList = { items: WireAlert[]; nextBefore: string | null }
