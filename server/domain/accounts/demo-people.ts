import type { Role } from '#server/protocol/people.ts'

export type DemoPerson = { id: string; name: string; email: string; role: Role }

/** Accounts for one-click sign-in, in demo mode only. */
export const demoPeople = [
  { id: 'demo-nora', name: 'Nora Klein', email: 'nora@wireside.example', role: 'customer' },
  { id: 'demo-sam', name: 'Sam Okafor', email: 'sam@wireside.example', role: 'customer' },
  { id: 'demo-ines', name: 'Ines Ruiz', email: 'ines@wireside.example', role: 'officer' },
] as const satisfies readonly DemoPerson[]

/** The password of every demo account. */
export const demoPassword = 'wireside-demo'

/** What the startup output lists. */
export function demoAccounts(): string {
  const people = demoPeople.map(({ email, role }) => `  ${email}  (${role})`)
  return [`Demo accounts, password ${demoPassword}:`, ...people].join('\n')
}

/** Whether these are the credentials of a demo account, with the publicly known password. */
export function isDemoPerson(email: string, password: string): boolean {
  return password === demoPassword && demoPeople.some((person) => person.email === email.toLowerCase())
}
