import { execFile, spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { promisify } from 'node:util';

const SOURCE = 'apps/provider-sandbox/src/unionpay/SecondOpinion.java';
const ANSWERED_WITHIN_MS = 60_000;
const run = promisify(execFile);

/** What a merchant signs with, and what it believes UnionPay by. */
export type OpinionKeys = Readonly<{
  privateKeyPem: string;
  certificatePem: string;
  middlePem: string;
  rootPem: string;
}>;

/** `ok`, or the first thing that is wrong, and what the message says. */
export type Opinion = Readonly<{ verdict: string; said: Readonly<Record<string, string>> }>;

/** Java that signs and judges messages by UnionPay's documents alone, in a process of its own. */
export class UnionpayOpinion implements AsyncDisposable {
  private readonly waiting: ((line: string) => void)[] = [];

  private constructor(
    private readonly folder: string,
    private readonly process: ChildProcessByStdio<Writable, Readable, null>,
  ) {
    createInterface({ input: process.stdout }).on('line', (line) => this.waiting.shift()?.(line));
  }

  /** @param root the repository. @throws Error saying what to install where there is no Java. */
  static async open(root: string, who: OpinionKeys): Promise<UnionpayOpinion> {
    try {
      await run('java', ['-version'], { timeout: 30_000 });
    } catch (cause) {
      const how = 'apt-get install -y openjdk-17-jdk-headless';
      throw new Error(`the second opinion needs java, which is not here: ${how}`, { cause });
    }
    const folder = await mkdtemp(join(tmpdir(), 'hutong-opinion-'));
    const pems = [who.privateKeyPem, who.certificatePem, who.middlePem, who.rootPem];
    const files = pems.map((_, index) => join(folder, `${index}.pem`));
    await Promise.all(files.map((file, index) => writeFile(file, pems[index] ?? '')));
    const java = spawn('java', ['-XX:TieredStopAtLevel=1', join(root, SOURCE), ...files], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    return new UnionpayOpinion(folder, java);
  }

  /** @param operation as SecondOpinion.java lists them @param message as it is, or would be, sent */
  async on(operation: string, message: string): Promise<Opinion> {
    const text = Buffer.from(message).toString('base64');
    const [verdict = '', form = ''] = (await this.line(`${operation} ${text}`)).split(' ');
    const decoded = Buffer.from(form, 'base64').toString();
    return { verdict, said: Object.fromEntries(new URLSearchParams(decoded)) };
  }

  /** It ends with its input. */
  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.process, 'exit', { signal: AbortSignal.timeout(ANSWERED_WITHIN_MS) });
    this.process.stdin.end();
    await ended.catch(() => this.process.kill('SIGKILL'));
    await rm(this.folder, { recursive: true, force: true });
  }

  private line(asked: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error('Java is silent')), ANSWERED_WITHIN_MS);
      this.waiting.push((line) => {
        clearTimeout(late);
        resolve(line);
      });
      this.process.stdin.write(`${asked}\n`);
    });
  }
}

/**
 * What `openssl verify` says of a certificate under these credentials' middle and root.
 * @throws Error with its words if it does not like it
 */
export async function opensslSays(
  { middlePem, rootPem }: Pick<OpinionKeys, 'middlePem' | 'rootPem'>,
  pem: string,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hutong-openssl-'));
  const files = { root: rootPem, middle: middlePem, signer: pem };
  const at = (name: keyof typeof files) => join(folder, `${name}.pem`);
  try {
    await Promise.all([
      writeFile(at('root'), files.root),
      writeFile(at('middle'), files.middle),
      writeFile(at('signer'), files.signer),
    ]);
    const trusted = ['-CAfile', at('root'), '-untrusted', at('middle'), at('signer')];
    const { stdout } = await run('openssl', ['verify', ...trusted], { timeout: 30_000 });
    return stdout.trim().replace(/^.*: /, '');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
