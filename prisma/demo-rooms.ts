import type { demoPeople } from '#server/domain/accounts/demo-people.ts'
import type { Visibility } from '#server/protocol/chat.ts'

export type Who = (typeof demoPeople)[number]['id']

/** A demo message; `answers` is the index of the message that it replies to. */
export type Said = {
  who: Who
  minutesAgo: number
  body: string
  answers?: number
  reactions?: { emoji: string; by: Who }[]
}

/** `members` starts with the owner, in order of joining. */
export type DemoRoom = {
  id: string
  topic: string
  visibility: Visibility
  members: [Who, ...Who[]]
  invited?: { who: Who; by: Who }
  said: Said[]
}

const hours = 60

/** The rooms of a new demo with their messages, oldest first. */
export const demoRooms: DemoRoom[] = [
  {
    id: 'wire-talk',
    topic: 'Restarts, reconnects and other sports',
    visibility: 'public',
    members: ['demo-ines', 'demo-nora', 'demo-sam'],
    said: [
      {
        who: 'demo-sam',
        minutesAgo: 46 * hours,
        body: 'I pulled the network cable in the middle of a sentence. It was sent when I put it back in.',
        reactions: [
          { emoji: '🎉', by: 'demo-nora' },
          { emoji: '🎉', by: 'demo-ines' },
        ],
      },
      {
        who: 'demo-nora',
        minutesAgo: 46 * hours - 4,
        body: 'Once, or twice?',
        answers: 0,
      },
      { who: 'demo-sam', minutesAgo: 46 * hours - 5, body: 'Once. I counted.' },
      {
        who: 'demo-ines',
        minutesAgo: 27 * hours,
        body: 'We restarted the server at noon, and nobody at the desk noticed. The line above the room said “catching up” for a second, then it was live again.',
        reactions: [{ emoji: '👍', by: 'demo-sam' }],
      },
      {
        who: 'demo-nora',
        minutesAgo: 26 * hours,
        body: 'My train has a tunnel every two minutes. If this room survives my commute, it survives anything.',
        reactions: [
          { emoji: '🚆', by: 'demo-ines' },
          { emoji: '😄', by: 'demo-sam' },
        ],
      },
      {
        who: 'demo-sam',
        minutesAgo: 3 * hours,
        body: 'Open the wire drawer at the bottom and write something: you see your own packet go out and the acknowledgement come back.',
      },
      {
        who: 'demo-ines',
        minutesAgo: 3 * hours - 6,
        body: 'And the other way round: close the laptop, wait, open it. The entries come in order, from where you were. @nora-klein, try it in the tunnel.',
        answers: 5,
      },
    ],
  },
  {
    id: 'loans-desk',
    topic: 'Applications, reviews and payments',
    visibility: 'public',
    members: ['demo-ines', 'demo-nora', 'demo-sam'],
    said: [
      {
        who: 'demo-ines',
        minutesAgo: 29 * hours,
        body: 'Good morning. Reviews run from nine to five today; whoever applies before noon has an answer before dinner.',
      },
      {
        who: 'demo-nora',
        minutesAgo: 28 * hours,
        body: 'Is the installer’s offer enough, or do you need the data sheet of the heat pump as well?',
      },
      {
        who: 'demo-ines',
        minutesAgo: 28 * hours - 9,
        body: 'The offer is enough.',
        answers: 1,
        reactions: [{ emoji: '🙏', by: 'demo-nora' }],
      },
      {
        who: 'demo-sam',
        minutesAgo: 5 * hours,
        body: 'Paid the second instalment a minute ago. The page went from pending to cleared while I was still looking for my glasses.',
      },
    ],
  },
  {
    id: 'trading-floor',
    topic: 'Simulated prices, real arguments',
    visibility: 'public',
    members: ['demo-sam', 'demo-nora'],
    said: [
      {
        who: 'demo-sam',
        minutesAgo: 25 * hours,
        body: 'The prices are simulated, so nobody can blame the news.',
      },
      {
        who: 'demo-nora',
        minutesAgo: 24 * hours,
        body: 'My limit order rested all night and was filled at the open. I was asleep, which is how I like to trade.',
        reactions: [{ emoji: '😴', by: 'demo-sam' }],
      },
      {
        who: 'demo-sam',
        minutesAgo: 2 * hours,
        body: 'Spread is wide this morning. I wait.',
      },
    ],
  },
  {
    id: 'coffee',
    topic: 'Not about work',
    visibility: 'public',
    members: ['demo-sam', 'demo-ines'],
    said: [
      {
        who: 'demo-sam',
        minutesAgo: 23 * hours,
        body: 'The machine on the second floor is back. It has learned nothing.',
      },
      {
        who: 'demo-ines',
        minutesAgo: 23 * hours - 12,
        body: 'It has learned to be hot. I call that progress.',
        answers: 0,
        reactions: [{ emoji: '☕', by: 'demo-sam' }],
      },
    ],
  },
  {
    id: 'release-9',
    topic: 'What goes out, and when',
    visibility: 'invite',
    members: ['demo-ines', 'demo-sam'],
    invited: { who: 'demo-nora', by: 'demo-ines' },
    said: [
      {
        who: 'demo-ines',
        minutesAgo: 22 * hours,
        body: 'Release 9 is chat and trading on one connection. I have asked Nora in: she breaks things the nicest.',
      },
      {
        who: 'demo-sam',
        minutesAgo: 21 * hours,
        body: 'Then we freeze on Thursday and let her loose on Friday.',
        reactions: [{ emoji: '👍', by: 'demo-ines' }],
      },
    ],
  },
  {
    id: 'on-call',
    topic: 'Who sleeps tonight, and who does not',
    visibility: 'invite',
    members: ['demo-nora', 'demo-ines'],
    said: [
      {
        who: 'demo-nora',
        minutesAgo: 9 * hours,
        body: 'Took over at midnight. Two reconnect storms, both gone before I had found my slippers.',
      },
      {
        who: 'demo-ines',
        minutesAgo: 80,
        body: 'Thank you. I have the pager until tomorrow.',
        answers: 0,
        reactions: [{ emoji: '💛', by: 'demo-nora' }],
      },
    ],
  },
]
