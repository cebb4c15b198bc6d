import type { demoPeople } from '#server/domain/accounts/demo-people.ts'

type Who = (typeof demoPeople)[number]['id']

/** The posts in the feed of a new demo, oldest first. */
export const demoPosts: {
  author: Who
  hoursAgo: number
  body: string
  likedBy: Who[]
  comments: { author: Who; body: string }[]
}[] = [
  {
    author: 'demo-ines',
    hoursAgo: 70,
    body: 'Good morning from the loan desk. Whoever has applied for a heat pump: send the installer’s offer along, and the review is done the same day.',
    likedBy: ['demo-nora', 'demo-sam'],
    comments: [{ author: 'demo-nora', body: 'Mine is on its way!' }],
  },
  {
    author: 'demo-sam',
    hoursAgo: 46,
    body: 'Day 3 of the new roof. The scaffolding is up, and the neighbours have opinions.',
    likedBy: ['demo-nora'],
    comments: [
      { author: 'demo-nora', body: 'Which tiles did you take in the end?' },
      { author: 'demo-sam', body: 'The slate ones, @nora-klein. Come and have a look.' },
    ],
  },
  {
    author: 'demo-nora',
    hoursAgo: 20,
    body: 'The heat pump runs. It is quieter than the old fridge, and the cat has already claimed the warm spot.',
    likedBy: ['demo-sam', 'demo-ines'],
    comments: [{ author: 'demo-ines', body: 'Glad to hear it. Enjoy the winter!' }],
  },
  {
    author: 'demo-sam',
    hoursAgo: 2,
    body: 'Is anybody up for a bulk order of solar panels? @nora-klein, you asked last week.',
    likedBy: [],
    comments: [],
  },
]
