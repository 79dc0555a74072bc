import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';

/** Somebody with a key, whom others may name as the issuer of their certificates. */
export type Party = Readonly<{ name: string; publicKey: KeyObject; privateKey: KeyObject }>;

export const aParty = (name: string): Party => ({
  name,
  ...generateKeyPairSync('rsa', { modulusLength: 2048 }),
});

type Terms = Readonly<{
  /** Itself, if nobody is said. */
  by?: Party;
  ca?: boolean;
  from?: Date;
  until?: Date;
  /** Of its issuer's: below 128 bits, hex. */
  serial?: string;
}>;

/** A certificate in PEM, as short as one can be: specs of trust need more kinds of them than files have. */
export function aCertificate(subject: Party, terms: Terms = {}): string {
  const { by = subject, ca = false, serial = '0a' } = terms;
  const { from = new Date('2026-01-01T00:00:00Z'), until = new Date('2046-01-01T00:00:00Z') } =
    terms;
  const body = sequence(
    tagged(0xa0, tagged(0x02, Buffer.of(2))),
    tagged(0x02, Buffer.from(serial, 'hex')),
    SHA256_WITH_RSA,
    nameOf(by),
    sequence(timeOf(from), timeOf(until)),
    nameOf(subject),
    subject.publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(sequence(BASIC_CONSTRAINTS, tagged(0x04, constraints(ca))))),
  );
  const signature = sign('sha256', body, by.privateKey);
  const der = sequence(body, SHA256_WITH_RSA, tagged(0x03, Buffer.of(0), signature));
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

function tagged(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 0x80 ? [length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...size), content]);
}

const sequence = (...parts: readonly Buffer[]): Buffer => tagged(0x30, ...parts);
const SHA256_WITH_RSA = Buffer.from('300d06092a864886f70d01010b0500', 'hex');
const COMMON_NAME = Buffer.from('0603550403', 'hex');
const BASIC_CONSTRAINTS = Buffer.from('0603551d13', 'hex');

/** One common name for each line. */
const nameOf = ({ name }: Party): Buffer =>
  sequence(
    ...name
      .split('\n')
      .map((line) => tagged(0x31, sequence(COMMON_NAME, tagged(0x0c, Buffer.from(line))))),
  );

const timeOf = (at: Date): Buffer =>
  tagged(0x18, Buffer.from(`${at.toISOString().replaceAll(/\D/g, '').slice(0, 14)}Z`, 'ascii'));

const constraints = (ca: boolean): Buffer =>
  sequence(...(ca ? [tagged(0x01, Buffer.of(0xff))] : []));
