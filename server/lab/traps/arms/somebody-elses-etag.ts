import type { Agent, Arm, WalkIn } from './agent.ts'

/** Two people, one after the other, in one browser at one URL. */
export const somebodyElsesEtag: WalkIn = async (at, agent, signal) => ({
  failing: await twoPeople('An ETag of the version only', `${at}/page?tag=version`, { at, agent, signal }),
  working: await twoPeople('An ETag of the version and its viewer', `${at}/page?tag=viewer`, {
    at,
    agent,
    signal,
  }),
})

type Walking = { at: string; agent: Agent; signal: AbortSignal }

async function twoPeople(title: string, page: string, { at, agent, signal }: Walking): Promise<Arm> {
  await agent.ask(`${at}/sign-in?as=Ada`, signal)
  await agent.ask(page, signal)
  await agent.ask(`${at}/sign-in?as=Ben`, signal)
  const shown = await agent.ask(page, signal)
  const [last = ''] = (await agent.ask(`${at}/asked`, signal)).split('\n').slice(-1)
  return {
    title,
    fell: shown !== 'The page of Ben',
    seen: [
      'Ada signed in and opened the page; then Ben signed in and opened it in the same browser.',
      `${agent.name} sent the ETag it had stored for the URL. The server saw: ${last}.`,
      `Ben saw: “${shown}”.`,
    ],
  }
}
