import { posix } from 'node:path'

/** What each area may import, besides itself and packages: the arrows, which only point downwards. */
export const arrows: Record<string, string[]> = {
  app: ['components', 'pages', 'protocol', 'arms'],
  components: ['protocol', 'arms'],
  pages: ['env', 'domain', 'runs', 'log', 'database', 'protocol'],
  main: [
    'leave-at-once',
    'listening',
    'app-root',
    'env',
    'logger',
    'plain-refusals',
    'web',
    'domain',
    'database',
    'scripts',
  ],
  // Processes of the app on this machine, and the programs they use.
  cluster: ['engines', 'env', 'listening', 'plain-refusals', 'web', 'domain', 'database', 'scripts'],
  engines: ['env', 'database'],
  'app-root': [
    'env',
    'listening',
    'backplane',
    'http',
    'connections',
    'deliver',
    'domain',
    'runs',
    'jobs',
    'kafka',
    'log',
    'database',
  ],
  http: [
    'env',
    'loopback',
    'backplane',
    'connections',
    'deliver',
    'domain',
    'runs',
    'log',
    'database',
    'protocol',
  ],
  connections: ['backplane', 'deliver', 'domain', 'log', 'protocol'],
  deliver: ['log', 'protocol'],
  domain: ['jobs', 'log', 'kafka', 'backplane', 'database', 'generated', 'protocol'],
  jobs: ['database', 'generated'],
  // The lab runs that the app stores and starts.
  runs: ['log', 'database', 'generated', 'protocol'],
  log: ['backplane', 'database', 'generated'],
  backplane: ['database'],
  database: ['generated'],
  kafka: ['log', 'database'],
  web: ['database'],
  lab: ['protocol', 'testbed', 'cluster', 'engines', 'database', 'arms'],
  // The demonstrations of the lab's traps, run by a page or by a program in its place.
  arms: [],
  testbed: ['env', 'cluster', 'backplane', 'database', 'log', 'scripts', 'protocol'],
  scripts: ['domain', 'database', 'env', 'protocol'],
  generated: [],
  protocol: [],
  env: ['loopback'],
  loopback: [],
  'leave-at-once': [],
  listening: [],
  logger: [],
  'plain-refusals': ['env', 'listening', 'backplane', 'web', 'kafka', 'database', 'scripts'],
}

/** The area that a file belongs to; undefined for tests, benches and configuration, which may import everything. */
export function areaOf(path: string): string | undefined {
  if (/\.(test|spec|config)\.|^e2e\/|^server\/(testing|lab\/bench)\//.test(path)) return undefined
  if (path.startsWith('prisma/generated/')) return 'generated'
  if (path.startsWith('prisma/')) return 'scripts'
  if (path === 'server/app.ts' || path.startsWith('server/node/')) return 'app-root'
  if (path === 'instrumentation-client.ts') return 'app'
  if (path.startsWith('server/lab/traps/arms/')) return 'arms'
  if (path.startsWith('server/lab/testbed/')) return 'testbed'
  if (path.startsWith('server/lab/runs/')) return 'runs'
  const [top = '', second = ''] = path.split('/')
  if (top !== 'server') return top
  return second.replace(/\.ts$/, '')
}

/** Why `from` may not import `to`, both paths from the root of the repository; undefined when it may. */
export function forbidden(from: string, to: string): string | undefined {
  const importer = areaOf(from)
  if (!importer) return undefined
  const imported = areaOf(to) ?? 'testing'
  const known = arrows[importer]
  if (!known) return `${from}: no arrow starts at "${importer}", add it to boundaries.ts`
  if (importer !== imported && !known.includes(imported))
    return `${from} imports ${to}: ${importer} → ${imported}`
  const folders = [from, to].map((path) => path.split('/')[2])
  const shared = folders[1]?.endsWith('.ts')
  if (importer === 'domain' && imported === 'domain' && !shared && folders[0] !== folders[1]) {
    return `${from} imports ${to}: the inside of another domain folder`
  }
  return undefined
}

/** The repository's files that `source`, the text of `path`, imports; type imports count like values. */
export function importsOf(path: string, source: string): string[] {
  const specifiers = source.matchAll(/(?:\bfrom|\bimport|\bimport\()\s*['"]([#.][^'"]*)['"]/g)
  return [...specifiers].map(([, specifier = '']) =>
    specifier.startsWith('#') ? specifier.slice(1) : posix.join(posix.dirname(path), specifier),
  )
}
