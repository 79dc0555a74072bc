import { parseArgs } from 'node:util';
import type { RawDatabase } from '@hutong/database';
import { UsageError } from '@hutong/http';
import { verify, type Checked, type Verification } from './verify.repository.js';

export const VERIFY_USAGE = `verify [--json]
     checks that the books are whole, and changes nothing: what was looked for and found goes to
     stderr as it goes, the result to stdout, with --json as one document.
     Ends with 0 if all is well, 1 with the first damaged place of each check that fails`;

/** Where a command writes. */
export type Output = Readonly<{ out: (line: string) => void; progress: (line: string) => void }>;

/** @throws UsageError on arguments that make no sense. */
export function readVerifyArguments(
  args: readonly string[],
): Readonly<{ json: boolean; help: boolean }> {
  try {
    const options = { json: { type: 'boolean' }, help: { type: 'boolean' } } as const;
    const { values } = parseArgs({ args: [...args], options, strict: true });
    return { json: values.json ?? false, help: values.help ?? false };
  } catch {
    throw new UsageError(`usage: ${VERIFY_USAGE}`);
  }
}

/** @returns whether the books are whole. */
export async function runVerify(
  db: RawDatabase,
  { json }: Readonly<{ json: boolean }>,
  { out, progress }: Output,
): Promise<boolean> {
  const verified = await verify(db, (checked) => progress(lineOf(checked)));
  const whole = verified.checks.every(({ damage }) => damage === undefined);
  if (json)
    out(JSON.stringify({ ok: whole, ...verified, checks: verified.checks.map(checkedBody) }));
  else for (const line of summaryOf(verified, whole)) out(line);
  return whole;
}

const checkedBody = ({ damage, ...checked }: Checked) => ({
  ...checked,
  ok: damage === undefined,
  ...(damage !== undefined && { damage }),
});

const lineOf = ({ check, damage, durationMs }: Checked): string =>
  damage === undefined
    ? `ok      ${check} (${durationMs} ms)`
    : `FAILED  ${check}: ${damage.error} at ${damage.key}: ${damage.found}`;

function summaryOf({ watermark, checks, notes }: Verification, whole: boolean): readonly string[] {
  const heard = Object.entries(watermark.nextOffsets)
    .map(([partition, offset]) => `${partition}:${offset}`)
    .join(' ');
  const held = Object.entries(notes.surplusHeld).map(([account, minor]) => `${account} ${minor}`);
  const failed = checks.filter(({ damage }) => damage !== undefined).length;
  return [
    `heard up to ${heard === '' ? 'nothing' : heard}; ${notes.offsetsWithoutRow} offsets have no row`,
    `surplus that waits to go back: ${held.length === 0 ? 'none' : held.join(', ')}`,
    whole
      ? 'the books are whole'
      : `the books are damaged: ${failed} of ${checks.length} checks failed`,
  ];
}
