import { randomBytes } from 'node:crypto';
import type { Clock } from '@hutong/config';
import { fetchWithDeadline, Unreachable, type FetchedAnswer } from '@hutong/http';
import { plainToInstance, Type, type ClassConstructor } from 'class-transformer';
import {
  IsInt,
  IsObject,
  IsOptional,
  IsRFC3339,
  IsString,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
  validateSync,
} from 'class-validator';
import type { WechatAccount, WechatApi } from './wechat.config.js';
import { authorization, verifySigned } from './wechat.signature.js';

/** Fen. */
class AmountWire {
  @IsInt() @Min(0) @Max(Number.MAX_SAFE_INTEGER) total!: number;
  @IsOptional() @IsString() @MaxLength(16) currency?: string;
}

/** An order as a query answers it and a notification carries it; what is of the payer stays out. */
export class WechatTransaction {
  @IsString() @Length(1, 32) mchid!: string;
  @IsString() @Length(1, 32) appid!: string;
  @IsString() @Length(1, 32) out_trade_no!: string;
  /** Absent while unpaid. */
  @IsOptional() @IsString() @Length(1, 32) transaction_id?: string;
  @IsString() @Length(1, 32) trade_state!: string;
  @IsOptional() @IsRFC3339() success_time?: string;
  @IsOptional() @IsObject() @ValidateNested() @Type(() => AmountWire) amount?: AmountWire;
}

/** POST /v3/pay/transactions/native, answered. */
export class NativeAnswer {
  @IsString() @Matches(/^weixin:\/\/\S{1,500}$/) code_url!: string;
}

class SealedWire {
  @IsString() @Length(1, 32) original_type!: string;
  @IsString() @Length(1, 32) algorithm!: string;
  @IsString() @Length(1, 1_048_576) ciphertext!: string;
  @IsOptional() @IsString() @MaxLength(64) associated_data?: string;
  @IsString() @Length(1, 32) nonce!: string;
}

/** What WeChat posts by itself. */
export class NotificationWire {
  @IsString() @Length(1, 36) id!: string;
  @IsString() @Length(1, 64) event_type!: string;
  @IsString() @Length(1, 64) resource_type!: string;
  @IsObject() @ValidateNested() @Type(() => SealedWire) resource!: SealedWire;
}

class ErrorWire {
  @IsString() @Matches(/^[A-Z][A-Z_]{1,63}$/) code!: string;
}

/** What one call came to. Only `ok` was verified. */
export type WechatAnswer<W> =
  | Readonly<{ kind: 'ok'; body: W }>
  /** WeChat says no, or that it cannot. Never signed, so it can deny and delay, but never say "paid". */
  | Readonly<{ kind: 'error'; status: number; code: string }>
  /** It cannot have arrived. */
  | Readonly<{ kind: 'not_sent'; cause: string }>
  /** It may have arrived; what came back, if anything, cannot be believed. */
  | Readonly<{ kind: 'unclear'; cause: string }>;

type Call = Readonly<{ method: 'GET' | 'POST'; url: string; body?: Uint8Array }>;

const MAX_ANSWER_BYTES = 256 * 1024;
const USER_AGENT = 'hutong-wechat-gateway/0.1';

/** WeChat's API over HTTP: each request signed, each 2xx verified. Decides nothing. */
export class WechatClient {
  constructor(
    private readonly api: WechatApi,
    private readonly clock: Clock,
  ) {}

  /** @param body sent as it is: the same bytes are the same order. */
  createNative(account: WechatAccount, body: Uint8Array): Promise<WechatAnswer<NativeAnswer>> {
    const url = '/v3/pay/transactions/native';
    return this.call(account, { method: 'POST', url, body }, NativeAnswer);
  }

  query(
    account: WechatAccount,
    { outTradeNo, mchid }: Readonly<{ outTradeNo: string; mchid: string }>,
  ): Promise<WechatAnswer<WechatTransaction>> {
    const number = encodeURIComponent(outTradeNo);
    const url = `/v3/pay/transactions/out-trade-no/${number}?mchid=${encodeURIComponent(mchid)}`;
    return this.call(account, { method: 'GET', url }, WechatTransaction);
  }

  private async call<W extends object>(
    account: WechatAccount,
    call: Call,
    shape: ClassConstructor<W>,
  ): Promise<WechatAnswer<W>> {
    let answer: FetchedAnswer;
    try {
      answer = await this.send(account, call);
    } catch (fault) {
      if (!(fault instanceof Unreachable)) throw fault;
      return { kind: fault.mayHaveArrived ? 'unclear' : 'not_sent', cause: fault.code };
    }
    const { status, body } = answer;
    if (status < 200 || status > 299) return { kind: 'error', status, code: codeIn(body) };
    const headers = Object.fromEntries(answer.headers);
    const verified = verifySigned(body, headers, { keys: account.keys, now: this.clock.now() });
    if (!verified.ok) return { kind: 'unclear', cause: 'unverifiable_answer' };
    if (status !== 200) return { kind: 'unclear', cause: `http_${status}` };
    const wire = parseWire(shape, body);
    return wire === undefined
      ? { kind: 'unclear', cause: 'unreadable_answer' }
      : { kind: 'ok', body: wire };
  }

  private send(account: WechatAccount, { method, url, body }: Call): Promise<FetchedAnswer> {
    const { mchid, certificateSerial, privateKey, answerSerial } = account;
    const bytes = Uint8Array.from(body ?? []);
    const nonce = randomBytes(16).toString('hex');
    const signer = { mchid, certificateSerial, privateKey, at: this.clock.now(), nonce };
    return fetchWithDeadline(new URL(url, this.api.baseUrl), {
      method,
      headers: {
        Authorization: authorization({ method, url, body: bytes }, signer),
        Accept: 'application/json',
        'User-Agent': USER_AGENT,
        'Wechatpay-Serial': answerSerial,
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
      },
      ...(body !== undefined && { body: bytes }),
      timeoutMs: this.api.timeoutMs,
      maxBytes: MAX_ANSWER_BYTES,
    });
  }
}

/** Their JSON as one of our classes, fields that it does not know left out; undefined if it is none. */
export function parseWire<W extends object>(
  shape: ClassConstructor<W>,
  bytes: Uint8Array | string,
): W | undefined {
  const json = parsed(bytes);
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return undefined;
  const wire = plainToInstance(shape, json);
  const errors = validateSync(wire, {
    whitelist: true,
    forbidUnknownValues: true,
    validationError: { target: false, value: false },
  });
  return errors.length === 0 ? wire : undefined;
}

/** Empty if there is none: unknown paths and methods are answered without a body. */
const codeIn = (body: Uint8Array): string => parseWire(ErrorWire, body)?.code ?? '';

function parsed(bytes: Uint8Array | string): unknown {
  try {
    const text =
      typeof bytes === 'string' ? bytes : new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return JSON.parse(text);
  } catch {
    return undefined; // neither UTF-8 nor JSON: the same to whoever reads it
  }
}
