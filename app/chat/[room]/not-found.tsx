import { NotFoundInList } from '#components/shell/not-found-block.tsx'

export default function NoSuchRoom() {
  return (
    <NotFoundInList
      title="This room doesn’t exist, or you don’t have access"
      list={{ href: '/chat', name: 'All rooms', link: 'All rooms' }}
    />
  )
}
