import 'reflect-metadata';
import { ok, refuse, type Result } from '@hutong/result';
import { plainToInstance, type ClassConstructor } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import { canonicalJson } from '../wire/canonical-json.js';
import { wechatRefusal, type WechatRefusal } from './refusal.js';

/** A checked body, and all of it as canonical JSON to compare with the next one. */
export type ReadBody<W> = Readonly<{ wire: W; asked: string }>;

/**
 * Fills and checks a request class. A field that WeChat's page does not list is refused, though
 * WeChat might overlook it: here mistakes are to be found.
 */
export function readBody<W extends object>(
  shape: ClassConstructor<W>,
  bytes: Uint8Array,
): Result<ReadBody<W>, WechatRefusal> {
  const json = parsed(bytes);
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    return refuse(paramError({ issue: 'the body is not a JSON object' }));
  }
  const wire = plainToInstance(shape, json);
  const [error] = validateSync(wire, {
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    stopAtFirstError: true,
  });
  if (error !== undefined) return refuse(paramError(blame(error)));
  return ok({ wire, asked: canonicalJson(json) });
}

type Blame = Readonly<{ field?: string; value?: unknown; issue: string }>;

const paramError = (blame: Blame): WechatRefusal =>
  wechatRefusal('PARAM_ERROR', { ...blame, location: 'body' });

/** The innermost field that is wrong, as a JSON pointer. */
function blame(error: ValidationError, above = ''): Blame {
  const field = `${above}/${error.property}`;
  const [inner] = error.children ?? [];
  if (inner !== undefined) return blame(inner, field);
  const [issue = 'is not valid'] = Object.values(error.constraints ?? {});
  return { field, value: error.value, issue };
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined; // neither JSON nor UTF-8: the same refusal
  }
}
