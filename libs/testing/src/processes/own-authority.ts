import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const WITHIN_MS = 30_000;
const DAYS = '2';

/** What a server shows, and who vouches for it. */
export type OwnCertificate = Readonly<{
  /** File with the private key and the certificate, in PEM. */
  keyStore: string;
  /** The authority's certificate, in PEM. */
  authority: string;
}>;

/** An authority that nobody else knows, and its certificate for 127.0.0.1. @throws Error as openssl says. */
export async function ownCertificate(folder: string): Promise<OwnCertificate> {
  const at = (name: string) => join(folder, name);
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc'];
  await openssl(
    ...['req', '-x509', ...key, '-keyout', at('ca.key'), '-out', at('ca.crt')],
    ...['-days', DAYS, '-subj', '/CN=an authority of a spec'],
  );
  await openssl(
    ...['req', '-x509', ...key, '-keyout', at('server.key'), '-out', at('server.crt')],
    ...['-CA', at('ca.crt'), '-CAkey', at('ca.key'), '-days', DAYS, '-subj', '/CN=a broker'],
    ...['-addext', 'subjectAltName=IP:127.0.0.1', '-addext', 'basicConstraints=CA:FALSE'],
  );
  const [serverKey, certificate, authority] = await Promise.all(
    ['server.key', 'server.crt', 'ca.crt'].map((name) => readFile(at(name), 'utf8')),
  );
  await writeFile(at('server.pem'), `${serverKey}${certificate}`);
  return { keyStore: at('server.pem'), authority: authority ?? '' };
}

const openssl = (...args: string[]) => promisify(execFile)('openssl', args, { timeout: WITHIN_MS });
