import { Prisma } from '#prisma/generated/client.ts'
import { formatCursor } from '#server/log/log.ts'
import type { WireComment, WirePost, WirePostList } from '#server/protocol/feed.ts'
import { feedStream } from './feed-deps.ts'

const pageSize = 20
const newestComments = 3

type Reader = Pick<Prisma.TransactionClient, '$queryRaw'>

/** Posts newest first, 20 a page, as `viewerId` sees them, with the cursor of the stream `feed`: one snapshot. */
export async function listPosts(
  db: Reader,
  epoch: string,
  viewerId: string,
  before?: number,
): Promise<WirePostList> {
  const older = before === undefined ? Prisma.sql`true` : Prisma.sql`p.id < ${before}::int`
  const rows = await selectPosts(db, viewerId, Prisma.sql`${older} ORDER BY p.id DESC LIMIT ${pageSize + 1}`)
  const found = rows.flatMap((row) => (row.id === null ? [] : [wirePost(row)]))
  const items = found.slice(0, pageSize)
  const last = items.at(-1)
  return {
    items,
    cursor: formatCursor({ epoch, seq: Number(rows[0]?.head ?? 0) }),
    nextBefore: found.length > pageSize && last ? String(last.id) : null,
  }
}

/** One post as `viewerId` sees it; undefined when there is none. */
export async function readPost(db: Reader, viewerId: string, id: number): Promise<WirePost | undefined> {
  const [row] = await selectPosts(db, viewerId, Prisma.sql`p.id = ${id}::int`)
  return row && row.id !== null ? wirePost(row) : undefined
}

/** One statement, hence one snapshot. Without any posts it still returns one row, with the head. */
function selectPosts(db: Reader, viewerId: string, which: Prisma.Sql): Promise<Row[]> {
  return db.$queryRaw<Row[]>`
    SELECT f.head, found.* FROM (
      SELECT coalesce((SELECT seq FROM log_head WHERE stream = ${feedStream}), 0) AS head
    ) f LEFT JOIN LATERAL (
      SELECT p.id, p.body, p."createdAt", p.likes, p."commentCount",
        json_build_object('id', u.id, 'name', u.name, 'handle', u.handle) AS author,
        EXISTS (SELECT FROM post_like l WHERE l."postId" = p.id AND l."userId" = ${viewerId}) AS "likedByMe",
        (SELECT coalesce(json_agg(json_build_object('id', c.id, 'postId', p.id, 'body', c.body, 'at', c."createdAt",
            'author', json_build_object('id', w.id, 'name', w.name, 'handle', w.handle)) ORDER BY c.id), '[]')
          FROM (SELECT * FROM comment WHERE "postId" = p.id ORDER BY id DESC LIMIT ${newestComments}) c
          JOIN "user" w ON w.id = c."authorId") AS comments
      FROM post p JOIN "user" u ON u.id = p."authorId" WHERE ${which}
    ) found ON true
    ORDER BY found.id DESC`
}

type Row = { head: bigint } & (PostRow | { id: null })
type PostRow = Omit<WirePost, 'at'> & { createdAt: Date }

function wirePost({
  id,
  author,
  body,
  createdAt,
  likes,
  likedByMe,
  commentCount,
  comments,
}: PostRow): WirePost {
  const at = createdAt.toISOString()
  return { id, author, body, at, likes, likedByMe, commentCount, comments: comments.map(wireComment) }
}

/** Postgres formats the time of a comment in its own way. */
function wireComment({ id, postId, author, body, at }: WireComment): WireComment {
  return { id, postId, author, body, at: new Date(at).toISOString() }
}
