export default function Home() {
  return <h1 className="type-display page-x pt-12">One event log.</h1>
}
