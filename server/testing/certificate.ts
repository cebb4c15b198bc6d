import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A certificate for 127.0.0.1, and a file with both the certificate and its key. */
export async function certificate(
  t: Pick<TestContext, 'after'>,
): Promise<{ certFile: string; pemFile: string }> {
  const dir = await mkdtemp(join(tmpdir(), 'wireside-certificate-'))
  t.after(() => rm(dir, { recursive: true }))
  const [certFile, keyFile, pemFile] = [join(dir, 'cert.pem'), join(dir, 'key.pem'), join(dir, 'both.pem')]
  await run('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
    ...['-subj', '/CN=wireside', '-addext', 'subjectAltName=IP:127.0.0.1'],
    ...['-keyout', keyFile, '-out', certFile],
  ])
  await writeFile(pemFile, (await readFile(keyFile, 'utf8')) + (await readFile(certFile, 'utf8')))
  return { certFile, pemFile }
}
