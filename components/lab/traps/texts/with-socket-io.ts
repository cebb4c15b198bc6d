import type { TrapText } from '../trap-text.ts'

export const withSocketIo: readonly TrapText[] = [
  {
    name: 'websocket-origin',
    lane: 'ws',
    title: 'A socket from any origin',
    happens:
      'A page on another site opens a socket to your server from your user’s browser, and reads everything.',
    why: 'CORS doesn’t apply to WebSockets. The browser sends the cookie and the Origin header, and leaves the check to the server. Socket.IO applies its cors option to polling only.',
    fallsIn: {
      path: 'server/lab/traps/websocket-origin.ts',
      cite: /^ {2}const server = new Server[\s\S]*?^ {2}\}\)$/m,
    },
    wayRound: {
      path: 'server/http/origin.ts',
      cite: /^ {2}if \(headers\.origin !== undefined\)[\s\S]*?ownSites\.has\(site\)\)$/m,
    },
    proof: {
      path: 'server/http/sockets-handshake.test.ts',
      name: 'WS1 A3 A page of another origin may not open a socket; ours and a program may',
    },
    sources: [
      { name: 'Socket.IO, Handling CORS', href: 'https://socket.io/docs/v4/handling-cors/' },
      {
        name: 'OWASP, Testing WebSockets',
        href: 'https://owasp.org/www-project-web-security-testing-guide/stable/4-Web_Application_Security_Testing/11-Client-side_Testing/10-Testing_WebSockets',
      },
    ],
  },
  {
    name: 'sticky-sessions',
    lane: 'ws',
    title: 'Two nodes, no sticky sessions',
    happens:
      'It works with one process. With two, clients connect on the third try or never: 400, “Session ID unknown”.',
    why: 'By default, Socket.IO starts with a polling handshake: several requests that must all reach the node that issued the session ID. A WebSocket needs only one request.',
    fallsIn: {
      path: 'server/lab/traps/sticky-sessions.ts',
      cite: /^ {6}failing: .*$/m,
    },
    wayRound: { path: 'server/http/sockets.ts', cite: /^ {4}transports: \['websocket'\],\n.*$/m },
    proof: {
      path: 'server/http/sockets-handshake.test.ts',
      name: 'WS1 Polling is refused in a document, by every method',
    },
    sources: [
      { name: 'Socket.IO, Using multiple nodes', href: 'https://socket.io/docs/v4/using-multiple-nodes/' },
    ],
  },
  {
    name: 'socket-io-recovery',
    lane: 'ws',
    title: 'Recovery that doesn’t survive a restart',
    happens:
      'Messages are lost after every deployment, and a signed-out user is back after a short network failure.',
    why: 'Connection state recovery keeps missed messages in the process’s memory, which is gone when the process is killed. When it does succeed, it skips middlewares by default, including the session check.',
    fallsIn: {
      path: 'server/lab/traps/recovering-server.ts',
      cite: /^const server = new Server[\s\S]*?^\}\)$/m,
    },
    wayRound: {
      path: 'components/live/socket-transport.ts',
      cite: /^ {4}const after = following\.after\(\)[\s\S]*?connection\.send\('follow'.*$/m,
    },
    proof: {
      path: 'e2e/chat-faults.spec.ts',
      name: 'A kill -9: what was acknowledged is there, what was not is sent again, once',
    },
    sources: [
      {
        name: 'Socket.IO, Connection state recovery',
        href: 'https://socket.io/docs/v4/connection-state-recovery/',
      },
    ],
  },
]
