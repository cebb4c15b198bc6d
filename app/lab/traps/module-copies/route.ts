import { board, isMarked } from '#server/lab/traps/arms/news-board.ts'

export const dynamic = 'force-dynamic'

/** What a Next route sees of the board that a custom server has written to. */
export function GET() {
  return Response.json({ ...board, sameProcess: isMarked() })
}
