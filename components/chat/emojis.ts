/** What one can react with, and what each is called. */
export const emojis = [
  ['👍', 'thumbs up'],
  ['👎', 'thumbs down'],
  ['❤️', 'heart'],
  ['😂', 'laughing'],
  ['🙂', 'smiling'],
  ['😮', 'surprised'],
  ['😢', 'sad'],
  ['😡', 'angry'],
  ['🤔', 'thinking'],
  ['🙏', 'thank you'],
  ['👏', 'applause'],
  ['🙌', 'hooray'],
  ['💪', 'strong'],
  ['👀', 'looking'],
  ['🎉', 'party'],
  ['🚀', 'rocket'],
  ['🔥', 'fire'],
  ['💯', 'hundred'],
  ['✅', 'done'],
  ['❌', 'no'],
  ['❓', 'question'],
  ['⚠️', 'warning'],
  ['🐛', 'bug'],
  ['☕', 'coffee'],
] as const

/** What the demo's people react with besides. */
const others = [
  ['😄', 'grinning'],
  ['😴', 'sleepy'],
  ['💛', 'yellow heart'],
  ['🚆', 'train'],
] as const

const names: ReadonlyMap<string, string> = new Map([...emojis, ...others])

/** An emoji in words; itself when it is none of these. */
export function emojiName(emoji: string): string {
  return names.get(emoji) ?? emoji
}
