import 'reflect-metadata';
import { ok, refuse, type Result } from '@hutong/result';
import { plainToInstance, type ClassConstructor } from 'class-transformer';
import { validateSync } from 'class-validator';
import { canonicalJson } from '../wire/canonical-json.js';
import { alipayRefusal, type AlipayRefusal } from './refusal.js';

/** The class of a wire shape. */
export type Shape<W> = ClassConstructor<W>;

/** A checked biz_content, and all of it as canonical JSON to compare with the next one. */
export type ReadBiz<W> = Readonly<{ wire: W; asked: string }>;

/**
 * Fills and checks a request class. A field that Alipay's page does not list is refused, though
 * Alipay might overlook it: here mistakes are to be found.
 */
export function readBiz<W extends object>(
  shape: Shape<W>,
  text: string,
): Result<ReadBiz<W>, AlipayRefusal> {
  const json = parsed(text);
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    return refuse(alipayRefusal('isv.invalid-parameter', 'biz_content is not a JSON object'));
  }
  const wire = plainToInstance(shape, json);
  const [error] = validateSync(wire, {
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    stopAtFirstError: true,
  });
  if (error === undefined) return ok({ wire, asked: canonicalJson(json) });
  const [issue = `${error.property} is not valid`] = Object.values(error.constraints ?? {});
  return refuse(alipayRefusal('ACQ.INVALID_PARAMETER', issue));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
