import { execFile, spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { promisify } from 'node:util';

/** Merchants that are a provider's own SDK: where each is built, and what is run of it. */
const MERCHANTS = {
  wechat: { pom: 'apps/provider-sandbox/sdk/pom.xml', main: 'hutong.SdkMerchant' },
  alipay: { pom: 'apps/provider-sandbox/sdk-alipay/pom.xml', main: 'hutong.AlipaySdkMerchant' },
} as const;
const PASSWORD = 'not-a-secret';
const BUILT_WITHIN_MS = 240_000;
const ANSWERED_WITHIN_MS = 30_000;
const run = promisify(execFile);

/** One line of the SDK's: what it got, what it was refused, or how it failed. */
export type Said = Readonly<{
  answer?: unknown;
  refused?: Readonly<{ status: number; code: string; message: string }>;
  failed?: string;
}>;

/** Who answers in the provider's place: a proxy that everything goes through, and the authority behind it. */
export type SdkSurroundings = Readonly<{ proxyPort: number; authorityPem: string }>;

/** A provider's official SDK, compiled: the class path that its merchants run on. */
export class BuiltSdk implements AsyncDisposable {
  private constructor(
    readonly folder: string,
    readonly classPath: string,
    readonly main: string,
  ) {}

  /** @param root the repository. @throws Error naming what is missing where Java or Maven is. */
  static async build(root: string, provider: keyof typeof MERCHANTS = 'wechat'): Promise<BuiltSdk> {
    const { pom, main } = MERCHANTS[provider];
    for (const tool of ['java', 'mvn', 'keytool']) await need(tool);
    const folder = await mkdtemp(join(tmpdir(), 'hutong-sdk-'));
    const listed = join(folder, 'class-path');
    const goals = ['compile', 'dependency:build-classpath', `-Dmdep.outputFile=${listed}`];
    try {
      await run('mvn', ['-q', '-B', '-f', join(root, pom), `-Dout=${folder}`, ...goals], {
        timeout: BUILT_WITHIN_MS,
      });
    } catch (cause) {
      await rm(folder, { recursive: true, force: true });
      throw new Error('Maven did not build the merchant of the official SDK', { cause });
    }
    const jars = await readFile(listed, 'utf8');
    return new BuiltSdk(folder, [join(folder, 'classes'), jars.trim()].join(delimiter), main);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

const HOW = 'apt-get install -y openjdk-17-jdk-headless maven';

async function need(tool: string): Promise<void> {
  try {
    await run(tool, [tool === 'keytool' ? '-help' : '-version'], { timeout: 30_000 });
  } catch (cause) {
    throw new Error(`the official SDK needs ${tool}, which is not here: ${HOW}`, { cause });
  }
}

/** A merchant that is a provider's official SDK and nothing else, in a process of Java. */
export class SdkMerchant implements AsyncDisposable {
  private readonly waiting: ((said: Said) => void)[] = [];

  private constructor(private readonly process: ChildProcessByStdio<Writable, Readable, null>) {
    createInterface({ input: process.stdout }).on('line', (line) => {
      this.waiting.shift()?.(JSON.parse(line) as Said);
    });
  }

  /** @param who credentials; without publicKeyId WeChat's SDK downloads certificates by itself. */
  static async start(
    sdk: BuiltSdk,
    { proxyPort, authorityPem }: SdkSurroundings,
    who: object,
  ): Promise<SdkMerchant> {
    const store = join(await mkdtemp(join(sdk.folder, 'trust-')), 'store.p12');
    const pem = `${store}.pem`;
    await writeFile(pem, authorityPem);
    const entry = ['-importcert', '-noprompt', '-alias', 'authority', '-file', pem];
    await run('keytool', [...entry, '-keystore', store, '-storepass', PASSWORD], {
      timeout: 30_000,
    });
    const settings = Object.entries({
      'https.proxyHost': '127.0.0.1',
      'https.proxyPort': `${proxyPort}`,
      'javax.net.ssl.trustStore': store,
      'javax.net.ssl.trustStorePassword': PASSWORD,
    }).map(([name, value]) => `-D${name}=${value}`);
    const java = spawn('java', [...settings, '-cp', sdk.classPath, sdk.main], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const merchant = new SdkMerchant(java);
    const said = await merchant.said(who);
    if (said.failed === undefined && said.refused === undefined) return merchant;
    await merchant[Symbol.asyncDispose]();
    throw new Error(`the SDK does not begin: ${JSON.stringify(said)}`);
  }

  /** @param request in the SDK's words, which are the wire's. */
  call(call: string, request: object): Promise<Said> {
    return this.said({ call, request });
  }

  /** It ends with its input. */
  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.process, 'exit', { signal: AbortSignal.timeout(ANSWERED_WITHIN_MS) });
    this.process.stdin.end();
    await ended.catch(() => this.process.kill('SIGKILL'));
  }

  private said(line: object): Promise<Said> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error('the SDK is silent')), ANSWERED_WITHIN_MS);
      this.waiting.push((said) => {
        clearTimeout(late);
        resolve(said);
      });
      this.process.stdin.write(`${JSON.stringify(line)}\n`);
    });
  }
}
