import { createHighlighterCore, type HighlighterCore, type ThemeRegistration } from 'shiki/core'
import { createJavaScriptRegexEngine } from 'shiki/engine/javascript'
import typescript from 'shiki/langs/typescript.mjs'

/** A run of code in one style: keywords are bold, comments and strings muted, the rest plain ink. */
export type CodeRun = { text: string; look?: 'keyword' | 'comment' | 'string' }
export type CodeLine = CodeRun[]

// Colours here only identify the styles; the page decides how they look.
const theme: ThemeRegistration = {
  name: 'ink-and-weight',
  type: 'light',
  colors: { 'editor.foreground': '#000000', 'editor.background': '#ffffff' },
  tokenColors: [
    {
      scope: ['keyword.control', 'keyword.operator.new', 'keyword.operator.expression', 'storage'],
      settings: { foreground: '#000001' },
    },
    { scope: ['string', 'punctuation.definition.string'], settings: { foreground: '#000003' } },
    { scope: ['comment', 'punctuation.definition.comment'], settings: { foreground: '#000002' } },
  ],
}
const looks: Record<string, CodeRun['look']> = {
  '#000001': 'keyword',
  '#000002': 'comment',
  '#000003': 'string',
}

let highlighter: Promise<HighlighterCore> | undefined

/** Splits TypeScript into lines of runs. */
export async function highlight(code: string): Promise<CodeLine[]> {
  highlighter ??= createHighlighterCore({
    themes: [theme],
    langs: [typescript],
    engine: createJavaScriptRegexEngine(),
  })
  const { tokens } = (await highlighter).codeToTokens(code, {
    lang: 'typescript',
    theme: theme.name ?? '',
    // By default a line that takes long, as the first ones do on a busy machine, is only partly tokenized.
    tokenizeTimeLimit: 0,
  })
  return tokens.map((line) =>
    line.reduce<CodeLine>((runs, { content, color = '' }) => {
      const look = looks[color.toLowerCase()]
      const last = runs.at(-1)
      // Whitespace takes any style, so that a line has as few runs as possible.
      if (last && (last.look === look || content.trim() === '')) last.text += content
      else runs.push({ text: content, look })
      return runs
    }, []),
  )
}
