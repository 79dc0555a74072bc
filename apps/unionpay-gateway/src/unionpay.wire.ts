import 'reflect-metadata';
import type { Form } from '@hutong/form';
import { plainToInstance, Transform, type ClassConstructor } from 'class-transformer';
import { IsOptional, IsString, Matches, validateSync } from 'class-validator';

const CODE = /^[0-9A-Z]{2}$/;
const DIGITS_OF_ORDER = /^[0-9A-Za-z]{8,40}$/;

/** A field that may be missing. One of another shape is as good as missing, and spoils no other. */
function Readable(shape: RegExp): PropertyDecorator {
  const readable = Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' && shape.test(value) ? value : undefined,
  );
  return (target, name) => {
    for (const decorate of [IsOptional(), IsString(), readable]) decorate(target, name);
  };
}

/** What every answer says: whose transaction it speaks of, and what came of the call; if only accepted, no more. */
export class AnswerHead {
  @Matches(/^\d{15}$/) merId!: string;
  @Matches(DIGITS_OF_ORDER) orderId!: string;
  @Matches(/^\d{14}$/) txnTime!: string;
  @Matches(CODE) respCode!: string;
}

/** What is told of money that moved, in answers and notifications. The card's number stays out. */
export class Moved {
  @Readable(/^\S{1,64}$/) queryId?: string;
  /** Fen. */
  @Readable(/^\d{1,12}$/) txnAmt?: string;
  @Readable(/^\d{3}$/) currencyCode?: string;
  /** MMDDhhmmss. */
  @Readable(/^\d{10}$/) traceTime?: string;
  @Readable(/^.{1,2048}$/s) reserved?: string;
}

/** appTransReq.do, answered. */
export class AppAnswer {
  @Matches(/^\d{1,32}$/) tn!: string;
}

/** backTransReq.do for a code that the payer scans, answered. */
export class QrAnswer {
  @Matches(/^https?:\/\/\S{1,1000}$/) qrCode!: string;
}

/** queryTrans.do, answered by 00. */
export class QueryAnswer extends Moved {
  @Matches(CODE) origRespCode!: string;
}

/** As much of a notification as is needed to ask. */
export class NamedOrder {
  @Matches(DIGITS_OF_ORDER) orderId!: string;
}

/** A notification, its form decoded and verified. */
export class Notice extends Moved {
  @Matches(/^\d\d$/) txnType!: string;
  @Matches(/^\d{15}$/) merId!: string;
  @Matches(DIGITS_OF_ORDER) orderId!: string;
  @Matches(/^\d{14}$/) txnTime!: string;
  @Matches(CODE) respCode!: string;
}

/** Verified fields as one of our classes; those that it does not know left out. */
export function parseWire<W extends object>(
  shape: ClassConstructor<W>,
  fields: Form,
): W | undefined {
  const said = Object.entries(fields).filter(([, value]) => value !== '');
  const wire = plainToInstance(shape, Object.fromEntries(said));
  const errors = validateSync(wire, {
    whitelist: true,
    validationError: { target: false, value: false },
  });
  return errors.length === 0 ? wire : undefined;
}
