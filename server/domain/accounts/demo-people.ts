import type { Role } from '#server/protocol/people.ts'

export type DemoPerson = { id: string; name: string; email: string; role: Role }

/** Who can be signed in with one click, in demo mode only. */
export const demoPeople = [
  { id: 'demo-nora', name: 'Nora Klein', email: 'nora@wireside.example', role: 'customer' },
  { id: 'demo-sam', name: 'Sam Okafor', email: 'sam@wireside.example', role: 'customer' },
  { id: 'demo-ines', name: 'Ines Ruiz', email: 'ines@wireside.example', role: 'officer' },
] as const satisfies readonly DemoPerson[]

/** The password of them all. */
export const demoPassword = 'wireside-demo'

/** How a start names them to the one who started it. */
export function demoAccounts(): string {
  const people = demoPeople.map(({ email, role }) => `  ${email}  (${role})`)
  return [`Demo accounts, password ${demoPassword}:`, ...people].join('\n')
}

/** Whether somebody signs in as one of them, with the password that everybody knows. */
export function isDemoPerson(email: string, password: string): boolean {
  return password === demoPassword && demoPeople.some((person) => person.email === email.toLowerCase())
}
