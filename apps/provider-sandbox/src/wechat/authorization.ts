import { ok, refuse, type Result } from '@hutong/result';

/** What the Authorization header says; nothing of it is believed yet. */
export type Authorization = Readonly<{
  scheme: string;
  mchid: string;
  nonce: string;
  signature: string;
  timestamp: string;
  serial: string;
}>;

const NAMES = ['mchid', 'nonce_str', 'signature', 'timestamp', 'serial_no'] as const;
type Name = (typeof NAMES)[number];

/**
 * `SCHEME name="value",name="value",…`: one space after the scheme, none after commas, the five
 * names in any order, each once. Refused with what is wrong.
 */
export function readAuthorization(header: string | undefined): Result<Authorization, string> {
  if (header === undefined || header === '') return refuse('Authorization is missing');
  const [, scheme, list] = /^([^ ]+) ([^ ].*)$/.exec(header) ?? [];
  if (scheme === undefined || list === undefined) {
    return refuse('Authorization is not a scheme, one space and a list');
  }
  const given = new Map<Name, string>();
  for (const part of list.split(',')) {
    const [, name, value] = /^([a-z_]+)="([^"]+)"$/.exec(part) ?? [];
    if (value === undefined) return refuse('Authorization has a part that is not name="value"');
    const known = NAMES.find((known) => known === name);
    if (known === undefined || given.has(known)) {
      return refuse('Authorization has a name that is unknown or there twice');
    }
    given.set(known, value);
  }
  const missing = NAMES.find((name) => !given.has(name));
  if (missing !== undefined) return refuse(`Authorization has no ${missing}`);
  const value = (name: Name): string => given.get(name) ?? '';
  return ok({
    scheme,
    mchid: value('mchid'),
    nonce: value('nonce_str'),
    signature: value('signature'),
    timestamp: value('timestamp'),
    serial: value('serial_no'),
  });
}
