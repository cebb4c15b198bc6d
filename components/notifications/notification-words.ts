import { loanTitle, statusWords } from '#components/loans/loan-stages.ts'
import { formatCount, formatMoney } from '#components/ui/format.ts'
import { personLabel } from '#components/ui/person-label.ts'
import type { LoanStatus } from '#server/protocol/loans.ts'
import type { NotificationData, NotificationKind, WireNotification } from '#server/protocol/notifications.ts'
import type { NotificationRow } from './notification-rows.ts'

/** A row's text: `subject` is emphasized, `text` follows it, `detail` is below. */
export type RowWords = { subject: string; text: string; detail?: string }

/** The text of a row of the panel. */
export function rowWords({ newest, items }: NotificationRow): RowWords {
  const names = [...new Set(items.flatMap(nameOf))]
  const others = names.length - 1
  const also = others > 0 ? `and ${others} ${others === 1 ? 'other' : 'others'} ` : ''
  switch (newest.kind) {
    case 'like': {
      const { by, excerpt } = newest.data
      return {
        subject: personLabel(by),
        text: also ? `${also}liked your post` : 'liked your post',
        detail: quoted(excerpt),
      }
    }
    case 'comment': {
      const { by, excerpt } = newest.data
      const times = items.length > 1 && others === 0 ? ` ${timesWord(items.length)}` : ''
      return {
        subject: personLabel(by),
        text: `${also}commented on your post${times}`,
        detail: quoted(excerpt),
      }
    }
    default:
      return wordsOf(newest)
  }
}

/** The text of a single notification, as it is announced. */
export function wordsOf(notification: WireNotification): RowWords {
  switch (notification.kind) {
    case 'like':
    case 'comment':
      return rowWords({ key: '', newest: notification, items: [notification] })
    case 'mention':
      return mentionWords(notification.data)
    case 'loan':
      return loanWords(notification.data)
    case 'payment':
      return paymentWords(notification.data)
    case 'sign-in':
      return { subject: 'New sign-in', text: 'to your account', detail: notification.data.device }
    case 'invitation': {
      const { by, roomName } = notification.data
      return { subject: personLabel(by), text: 'invited you to a room', detail: roomName }
    }
    case 'application': {
      const { by, amountMinor, currency, purpose } = notification.data
      const text = 'applied for a loan'
      return { subject: personLabel(by), text, detail: loanTitle({ amountMinor, currency, purpose }) }
    }
    case 'order':
      return orderWords(notification.data)
    case 'alert':
      return { subject: notification.data.title, text: '', detail: notification.data.body }
  }
}

/** `Mira Aalto liked your post`. */
export function sentenceOf(notification: WireNotification): string {
  const { subject, text } = wordsOf(notification)
  return `${subject} ${text}`.trim()
}

/** Where a notification links to; undefined for an alert, which has no page. */
export function placeOf(notification: WireNotification): string | undefined {
  switch (notification.kind) {
    case 'like':
      return `/feed/${notification.data.postId}`
    case 'comment':
      return `/feed/${notification.data.postId}#comment-${notification.data.commentId}`
    case 'mention':
      return mentionPlace(notification.data)
    case 'loan':
    case 'payment':
    case 'application':
      return `/loans/${notification.data.loanId}`
    case 'sign-in':
      return '/account'
    case 'invitation':
      return `/chat/${notification.data.roomId}`
    case 'order':
      return '/trading'
    case 'alert':
      return undefined
  }
}

const loanSteps = {
  submitted: 'was received',
  verifying: 'is being verified',
  'credit-check': 'is in the credit check',
  'under-review': 'is under review',
  approved: 'was approved',
  declined: 'was declined',
  withdrawn: 'was withdrawn',
  'paying-out': 'is being paid out',
  'paid-out': 'was paid out',
  failed: 'could not be paid out',
} as const satisfies Record<LoanStatus, string>

function loanWords({ loanId, status, note }: NotificationData['loan']): RowWords {
  return {
    subject: `Loan ${loanId}`,
    text: loanSteps[status],
    detail: note ? quoted(note) : statusWords[status].now,
  }
}

function paymentWords(data: NotificationData['payment']): RowWords {
  const { paymentId, status, amountMinor, currency, loanId } = data
  return {
    subject: `Payment ${paymentId}`,
    text: status === 'pending' || status === 'processing' ? `is ${status}` : status,
    detail: `${formatMoney(amountMinor, currency)} on loan ${loanId}`,
  }
}

/** Orders use the only currency that accounts have. */
function orderWords({ symbol, side, quantity, priceMinor }: NotificationData['order']): RowWords {
  return {
    subject: symbol,
    text: side === 'buy' ? 'was bought at your limit' : 'was sold at your limit',
    detail: `${formatCount(quantity)} at ${formatMoney(priceMinor, 'EUR')}`,
  }
}

function mentionWords(data: NotificationData['mention']): RowWords {
  return {
    subject: personLabel(data.by),
    text: `mentioned you in ${mentionedIn(data)}`,
    // A message deleted since is not quoted.
    detail: data.excerpt === '' ? 'The message was deleted.' : quoted(data.excerpt),
  }
}

function mentionedIn(data: NotificationData['mention']): string {
  if ('roomId' in data) return data.roomName
  return data.commentId === undefined ? 'a post' : 'a comment'
}

function mentionPlace(data: NotificationData['mention']): string {
  if ('roomId' in data) return `/chat/${data.roomId}${data.seq === undefined ? '' : `?message=${data.seq}`}`
  return data.commentId === undefined
    ? `/feed/${data.postId}`
    : `/feed/${data.postId}#comment-${data.commentId}`
}

function nameOf({ kind, data }: WireNotification): string[] {
  return kind === 'like' || kind === 'comment' ? [data.by.name] : []
}

function quoted(text: string): string {
  return `“${text}”`
}

function timesWord(n: number): string {
  return n === 2 ? 'twice' : `${n} times`
}

/** The name of each kind in the settings, and when it is sent. */
export const kindWords = {
  like: { name: 'Likes', hint: 'Someone likes one of your posts.' },
  comment: { name: 'Comments', hint: 'Someone comments on one of your posts.' },
  mention: { name: 'Mentions', hint: 'Someone mentions your @handle.' },
  loan: { name: 'Loans', hint: 'Your application reaches the next step or is decided.' },
  payment: { name: 'Payments', hint: 'A repayment goes through or fails.' },
  'sign-in': { name: 'Sign-ins', hint: 'Someone signs in to your account from a new device.' },
  invitation: { name: 'Invitations', hint: 'Someone invites you to a room.' },
  order: { name: 'Orders', hint: 'One of your limit orders is filled.' },
  application: { name: 'Applications', hint: 'An application comes under review.' },
  alert: { name: 'System alerts', hint: 'An officer sends an announcement to everyone.' },
} as const satisfies Record<NotificationKind, { name: string; hint: string }>
