import type { Unsent } from '#components/shell/send-trouble.tsx'

/** What is wrong with which field of a form, by its name; nothing when the trouble is with none. */
export function fieldErrors(trouble: Unsent | undefined): Record<string, string | undefined> {
  if (trouble?.state !== 'refused') return {}
  const { code, errors = [] } = trouble.problem as typeof trouble.problem & { code?: string }
  if (code === 'INVALID_PASSWORD') return { currentPassword: 'That isn’t your current password.' }
  return Object.fromEntries(errors.map(({ pointer, detail }) => [pointer.slice(1), `${detail}.`]))
}
