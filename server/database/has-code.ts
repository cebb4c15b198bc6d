/** Whether `error` carries this `code`: Node's (`ENOENT`) and Postgres' (`42P01`) stand in the same place. */
export function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && codes.some((code) => error.code === code)
}
