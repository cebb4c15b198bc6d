import { board, isMarked } from '#server/lab/traps/arms/news-board.ts'

export const dynamic = 'force-dynamic'

/** What a page of Next finds on the board that a custom server has written on. */
export function GET() {
  return Response.json({ ...board, sameProcess: isMarked() })
}
