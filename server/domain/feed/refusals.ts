/** There is no such post. */
export class PostNotFound extends Error {
  override name = 'PostNotFound'
}
