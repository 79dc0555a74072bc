import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readSecretFile } from '@hutong/config';
import { gatewayService, PROVIDERS, type Method, type Provider } from '@hutong/domain-events';
import { seal, sealingKeyFrom, type SealedFields, type SealingKey } from '@hutong/gateway';
import { ok, refuse, type Result } from '@hutong/result';
import { fieldsFor } from './payer-fields.js';

export type SealRefusal = Readonly<{ code: 'sealing_unavailable' }>;

/** What was sealed for each gateway; only one of them will ever be sent it. */
export type SealedForEach = ReadonlyMap<Provider, string | undefined>;

/**
 * Seals what only a gateway may read of a payer. Its public keys are files of one folder,
 * `<gateway>.<number>.pem`, read when they are used: the highest number of a gateway seals, so a new key
 * is used from the moment when its file is there.
 */
export class PayerSeals {
  private constructor(private readonly folder: string | undefined) {}

  /**
   * @param folder without one, or without a key of the gateway, what needs sealing is refused.
   * @throws Error naming a file that holds no key, never what it holds.
   */
  static async open(folder: string | undefined): Promise<PayerSeals> {
    const seals = new PayerSeals(folder);
    for (const provider of PROVIDERS) {
      const newest = await seals.newestOf(provider);
      if (newest !== undefined && keyIn(newest) === undefined) {
        throw new Error(`${newest.file} is no P-256 key in PEM`); // the cause may quote the file
      }
    }
    return seals;
  }

  /** The sealed text, or undefined where the gateway needs nothing of this payer. */
  async sealed(
    { provider, presentation }: Pick<Method, 'provider' | 'presentation'>,
    payer: SealedFields,
  ): Promise<Result<string | undefined, SealRefusal>> {
    const fields = fieldsFor(presentation, payer);
    if (fields === undefined) return ok(undefined);
    const newest = await this.newestOf(provider);
    const key = newest && keyIn(newest);
    if (key === undefined) return refuse({ code: 'sealing_unavailable' });
    return ok(await seal(fields, key));
  }

  /** As `sealed`, for each provider that might take a code; without those whose gateway has no key here. */
  async sealedForEach(payer: SealedFields): Promise<SealedForEach> {
    const each = PROVIDERS.map(async (provider) => {
      const method = { provider, presentation: 'barcode' } as const;
      const sealed = await this.sealed(method, payer);
      return [provider, sealed.ok ? sealed.value : undefined] as const;
    });
    return new Map(await Promise.all(each));
  }

  private async newestOf(provider: Provider): Promise<KeyFile | undefined> {
    if (this.folder === undefined) return undefined;
    const named = new RegExp(`^${gatewayService[provider]}\\.(\\d{1,6})\\.pem$`);
    const numbers = (await readdir(this.folder)).flatMap((file) => named.exec(file)?.[1] ?? []);
    const number = numbers.toSorted((a, b) => Number(a) - Number(b)).at(-1);
    if (number === undefined) return undefined;
    const file = join(this.folder, `${gatewayService[provider]}.${number}.pem`);
    return { provider, number: Number(number), file };
  }
}

type KeyFile = Readonly<{ provider: Provider; number: number; file: string }>;

/** Undefined also for a file that is half-written or gone: whoever asks may ask again. */
function keyIn({ provider, number, file }: KeyFile): SealingKey | undefined {
  try {
    return sealingKeyFrom(provider, number, readSecretFile(file).reveal());
  } catch {
    return undefined;
  }
}
