import { X509Certificate } from 'node:crypto';
import type { Clock } from '@hutong/config';
import type { Accounts, ProviderKeys } from '@hutong/gateway';
import type { Logger } from '@hutong/telemetry';
import type { WechatAccount } from './wechat.account.config.js';
import type { WechatHttp } from './wechat.http.client.js';
import { unsealed, verifySigned, type KeyRing } from './wechat.signature.js';
import { CertificatesAnswer, parseWire } from './wechat.wire.js';

type Certificate = Readonly<{ serial: string; x509: X509Certificate }>;
type Downloaded = Readonly<{ certificates: readonly Certificate[]; at: Date }>;

/** WeChat asks for at most 12 hours between two downloads. */
const FRESH_MS = 11 * 3_600_000;
const RETRY_MS = 60_000;
/** Anybody can name a serial that nobody has, as often as it likes. */
const FORCED_AT_MOST_EVERY_MS = 5_000;

/**
 * The keys that WeChat may sign with, per account: those of its files, and its platform certificates
 * where the account has them. Downloaded when they are needed, by whichever process needs them.
 */
export class PlatformKeys implements ProviderKeys {
  private readonly downloaded = new Map<string, Downloaded>();
  private readonly triedAt = new Map<string, Date>();
  private readonly running = new Map<string, Promise<void>>();

  constructor(
    private readonly http: WechatHttp,
    private readonly accounts: Pick<Accounts<WechatAccount>, 'named'>,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /** By exactly the serial that is named; of certificates only those that are in force. */
  ringOf(account: WechatAccount): KeyRing {
    const now = this.clock.now();
    const certificates = this.downloaded.get(nameOf(account))?.certificates ?? [];
    return ringOf(account.keys, certificates, now);
  }

  async freshen(name: string): Promise<void> {
    const account = this.accounts.named(name);
    if (account === undefined || !account.downloadsCertificates) return;
    const age = ageMs(this.downloaded.get(nameOf(account))?.at, this.clock.now());
    if (age >= FRESH_MS) await this.download(account, RETRY_MS);
  }

  async refresh(name: string): Promise<void> {
    const account = this.accounts.named(name);
    if (account?.downloadsCertificates) await this.download(account, FORCED_AT_MOST_EVERY_MS);
  }

  /** One at a time for an account; whoever comes meanwhile waits for the same one. */
  private download(account: WechatAccount, atMostEveryMs: number): Promise<void> {
    const name = nameOf(account);
    const running = this.running.get(name);
    if (running !== undefined) return running;
    const now = this.clock.now();
    if (ageMs(this.triedAt.get(name), now) < atMostEveryMs) return Promise.resolve();
    this.triedAt.set(name, now);
    const next = this.ask(account)
      .then((certificates) => void this.downloaded.set(name, { certificates, at: now }))
      .catch((fault: unknown) => {
        this.logger.error('certificates cannot be downloaded', { account: account.account }, fault);
      })
      .finally(() => this.running.delete(name));
    this.running.set(name, next);
    return next;
  }

  /**
   * Proved by decryption: only WeChat has the APIv3 key beside us. The answer's own signature must
   * verify as well, by a key that we had or by one of those that came with it.
   */
  private async ask(account: WechatAccount): Promise<readonly Certificate[]> {
    const heard = await this.http.send(account, { method: 'GET', url: '/v3/certificates' });
    if (heard.kind !== 'answer') throw new Error(`not answered: ${heard.cause}`);
    const { status, body, headers } = heard.answer;
    if (status !== 200) throw new Error(`answered with status ${status}`);
    const wire = parseWire(CertificatesAnswer, body);
    if (wire === undefined) throw new Error('answer is unreadable');
    const certificates = wire.data.map((one) => certificateFrom(one, account));
    const now = this.clock.now();
    const keys = ringOf(account.keys, certificates, now);
    const verified = verifySigned(body, Object.fromEntries(headers), { keys, now });
    if (!verified.ok) throw new Error(`answer does not verify: ${verified.refusal}`);
    return certificates;
  }
}

/** @throws Error if it was not encrypted with our APIv3 key, or is another certificate than it says. */
function certificateFrom(
  { serial_no, encrypt_certificate }: CertificatesAnswer['data'][number],
  { apiV3Key }: WechatAccount,
): Certificate {
  const { algorithm, ciphertext, nonce, associated_data: associatedData } = encrypt_certificate;
  const sealed = { algorithm, ciphertext, nonce, associatedData };
  const pem = unsealed(sealed, apiV3Key.reveal());
  if (!pem.ok) throw new Error('a certificate cannot be decrypted');
  const x509 = new X509Certificate(pem.value);
  const serial = serial_no.toUpperCase();
  if (x509.serialNumber !== serial) throw new Error('a certificate has another serial number');
  return { serial, x509 };
}

function ringOf(keys: KeyRing, certificates: readonly Certificate[], now: Date): KeyRing {
  const inForce = certificates.filter(
    ({ x509 }) => x509.validFromDate <= now && now < x509.validToDate,
  );
  return new Map([
    ...inForce.map(({ serial, x509 }) => [serial, x509.publicKey] as const),
    ...keys,
  ]);
}

/** A certificate is the merchant's at WeChat: an account that becomes another's starts anew. */
const nameOf = ({ account, mchid }: WechatAccount): string => `${account}:${mchid}`;

const ageMs = (since: Date | undefined, now: Date): number =>
  since === undefined ? Infinity : now.getTime() - since.getTime();
