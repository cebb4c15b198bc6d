/**
 * What a tab's socket had on the wire: each packet in its raw text (`42["entries",…]`, `2`), and what became of the
 * connection. `socket` counts the connections of this page, `atMs` is epoch ms.
 */
export type Packet =
  | {
      type: 'packet'
      direction: 'sent' | 'received'
      text: string
      bytes: number
      atMs: number
      socket: number
    }
  | { type: 'opening' | 'opened' | 'closed'; atMs: number; socket: number; why?: string }
