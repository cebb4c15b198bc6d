import type { NotificationKind } from '#server/protocol/protocol.ts'

/** What each kind is called where one chooses, and what it tells of. */
export const kindWords = {
  like: { name: 'Likes', hint: 'Somebody likes a post of yours.' },
  comment: { name: 'Comments', hint: 'Somebody comments on a post of yours.' },
  mention: { name: 'Mentions', hint: 'Somebody writes your @handle.' },
  loan: { name: 'Loans', hint: 'Your application moves on, or is decided.' },
  payment: { name: 'Payments', hint: 'A repayment clears, or fails.' },
  'sign-in': { name: 'Sign-ins', hint: 'Your account is used from a new device.' },
  invitation: { name: 'Invitations', hint: 'Somebody asks you into a room.' },
  order: { name: 'Orders', hint: 'A limit order of yours is filled.' },
  alert: { name: 'System alerts', hint: 'An officer tells everybody something.' },
} as const satisfies Record<NotificationKind, { name: string; hint: string }>
