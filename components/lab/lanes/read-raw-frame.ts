/** One frame of an event stream (WHATWG HTML, 9.2), with the text that it came as. */
export type RawFrame = { text: string; event: string; id: string; data: string }

/**
 * Cuts the text of an event stream into frames: each call takes what came next, wherever it was split, and gives the
 * frames that it completed. Our server ends lines with LF.
 */
export function rawFrames(): (chunk: string) => RawFrame[] {
  let rest = ''
  return (chunk) => {
    const frames: RawFrame[] = []
    rest += chunk
    let from = 0
    for (let end = rest.indexOf('\n\n'); end >= 0; end = rest.indexOf('\n\n', from)) {
      frames.push(readFrame(rest.slice(from, end + 1)))
      from = end + 2
    }
    rest = rest.slice(from)
    return frames
  }
}

function readFrame(text: string): RawFrame {
  const frame = { text, event: 'message', id: '', data: '' }
  for (const line of text.split('\n')) {
    if (line.startsWith('data: ')) frame.data += line.slice(6)
    else if (line.startsWith('id: ')) frame.id = line.slice(4)
    else if (line.startsWith('event: ')) frame.event = line.slice(7)
  }
  return frame
}
