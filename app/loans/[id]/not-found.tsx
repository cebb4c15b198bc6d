import { NotFoundInList } from '#components/shell/not-found-block.tsx'

export default function NoSuchLoan() {
  return (
    <NotFoundInList
      title="This loan doesn’t exist, or you don’t have access"
      list={{ href: '/loans', name: 'Loans', link: 'Your loans' }}
    />
  )
}
