export type Role = 'customer' | 'officer'

export type Viewer = { id: string; name: string; email: string; role: Role }

export type Person = { id: string; name: string; handle: string }

export type WirePeople = { items: Person[] }
