import { NotFoundInList } from '#components/shell/not-found-block.tsx'

export default function NoSuchPost() {
  return (
    <NotFoundInList title="This post doesn’t exist" list={{ href: '/feed', name: 'Feed', link: 'The feed' }}>
      Check the number in the address.
    </NotFoundInList>
  )
}
