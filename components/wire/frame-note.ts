/** What a line of a stream is for, in a few words; undefined when it speaks for itself. */
export function frameNote(line: string): string | undefined {
  const { name, value } = /^(?<name>[^:]*):? ?(?<value>.*)$/s.exec(line)?.groups ?? {}
  switch (name) {
    case '':
      return 'a comment: no reader gets to see it'
    case 'id':
      return 'the cursor: sent back as Last-Event-ID, the stream goes on right after it'
    case 'retry':
      return `a browser’s own EventSource would come back after ${value} ms`
    case 'event':
      return eventNotes[value ?? '']
    default:
      return undefined
  }
}

const eventNotes: Record<string, string> = {
  ready: 'the stream is open; its id is the place before the first entry',
  beat: 'a sign of life: without it a dead line and a quiet one look the same',
  reset: 'the cursor leads nowhere; the stream goes on from this id, and entries may be missing',
  bye: 'the server is about to end the stream, and says why and when to come back',
}
