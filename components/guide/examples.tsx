'use client'
import { type Answers, answerNames } from './answers.ts'
import { examples } from './example-answers.ts'
import type { AnswersView } from './use-answers.ts'

/** Four sets of answers to begin from: the use cases of this app. */
export function Examples({ answers, change }: Pick<AnswersView, 'answers' | 'change'>) {
  return (
    <p className="flex min-h-12.5 flex-wrap items-center gap-x-4 gap-y-1 border-b border-line py-2 text-ui text-ink-2">
      <span>Begin with</span>
      {examples.map((example) => (
        <button
          key={example.name}
          type="button"
          aria-pressed={isSame(answers, example.answers)}
          onClick={() => change(example.answers)}
          className="link aria-pressed:border-ink aria-pressed:font-semibold aria-pressed:text-ink max-md:py-2"
        >
          {example.name}
        </button>
      ))}
    </p>
  )
}

function isSame(one: Answers, other: Answers): boolean {
  return answerNames.every((name) => one[name] === other[name])
}
