/** A custom server in front of the built pages, in its own process, because Next leaves timers and ports open. */
import { createServer } from 'node:http'
import { resolve } from 'node:path'
import next from 'next'
import { board, markProcess } from './arms/news-board.ts'

markProcess()
board.news.push('The price has changed')

const app = next({ dev: false, dir: resolve(import.meta.dirname, '../../..') })
await app.prepare()
const pages = app.getRequestHandler()
const server = createServer((request, response) => {
  if (request.url === '/live') response.end(JSON.stringify({ ...board, sameProcess: true }))
  else void pages(request, response)
})
process.on('disconnect', () => process.exit())
server.listen(Number(process.argv[2]), '127.0.0.1', () => console.log('custom server listens'))
