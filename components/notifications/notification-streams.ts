import type { WireNotification } from '#server/protocol/protocol.ts'

/** What a page may show that a notification is about, as streams and lists are called: its page checks them at once. */
export function streamsOf(notification: WireNotification): string[] {
  switch (notification.kind) {
    case 'loan':
    case 'payment':
      return [`loan:${notification.data.loanId}`, 'loans']
    case 'like':
    case 'comment':
      return ['feed']
    case 'mention':
    case 'invitation':
      return 'roomId' in notification.data ? [`room:${notification.data.roomId}`, 'rooms'] : ['feed']
    case 'order':
      return ['account']
    case 'sign-in':
      return ['sessions']
    case 'alert':
      return ['alerts']
  }
}
