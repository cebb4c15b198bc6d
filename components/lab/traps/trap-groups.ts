import { betweenNodes } from './texts/between-nodes.ts'
import { inPostgres } from './texts/in-postgres.ts'
import { inTheBrowser } from './texts/in-the-browser.ts'
import { onTheServer } from './texts/on-the-server.ts'
import { withSocketIo } from './texts/with-socket-io.ts'
import type { TrapText } from './trap-text.ts'

/** All traps, grouped by where one meets them. */
export const trapGroups: readonly { title: string; traps: readonly TrapText[] }[] = [
  { title: 'In the browser', traps: inTheBrowser },
  { title: 'In Postgres', traps: inPostgres },
  { title: 'With Socket.IO', traps: withSocketIo },
  { title: 'On the server', traps: onTheServer },
  { title: 'Between nodes', traps: betweenNodes },
]
