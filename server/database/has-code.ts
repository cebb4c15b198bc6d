/** Whether `error` has one of these codes; Node (`ENOENT`) and Postgres (`42P01`) use the same property. */
export function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && codes.some((code) => error.code === code)
}
