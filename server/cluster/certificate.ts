import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { programPath } from '#server/engines/program-path.ts'

const run = promisify(execFile)

/** `certFile`: the certificate for clients to trust; `pemFile`: certificate and key, mode 0600. */
export type Certificate = { certFile: string; pemFile: string }

const days = 365
const renewedSeconds = 7 * 24 * 3600

/**
 * The self-signed certificate for this machine's loopback names, kept in `dir`: made on first use, valid for a year,
 * renewed in its last week. Undefined without `openssl`. A browser asks once whether to trust it.
 */
export async function keptCertificate(dir: string): Promise<Certificate | undefined> {
  const openssl = programPath('openssl')
  if (!openssl) return undefined
  const kept = { certFile: join(dir, 'certificate.pem'), pemFile: join(dir, 'certificate-and-key.pem') }
  if (existsSync(kept.pemFile) && (await lasts(openssl, kept.certFile))) return kept
  await mkdir(dir, { recursive: true })
  const keyFile = join(dir, `key-${process.pid}.pem`)
  await run(openssl, [
    ...[
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-days',
      `${days}`,
    ],
    ...['-subj', '/CN=wireside', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1'],
    ...['-keyout', keyFile, '-out', kept.certFile],
  ])
  await writeFile(keyFile, (await readFile(keyFile, 'utf8')) + (await readFile(kept.certFile, 'utf8')))
  await rename(keyFile, kept.pemFile)
  return kept
}

async function lasts(openssl: string, certFile: string): Promise<boolean> {
  return run(openssl, ['x509', '-in', certFile, '-noout', '-checkend', `${renewedSeconds}`]).then(
    () => true,
    () => false,
  )
}
