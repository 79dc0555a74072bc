import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it } from '@jest/globals';

const tally = pathToFileURL(join(import.meta.dirname, '../../test/tally.mjs')).href;

const planted: string[] = [];
afterEach(() => {
  for (const folder of planted.splice(0)) rmSync(folder, { recursive: true });
});

/** A tiny project of its own with these specs, one file each. */
function plant(specs: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'hutong-tally-spec-'));
  planted.push(folder);
  writeFileSync(join(folder, 'jest.config.json'), JSON.stringify({ transform: {} }));
  for (const [name, text] of Object.entries(specs)) {
    writeFileSync(join(folder, `${name}.spec.cjs`), text);
  }
  return folder;
}

/** Counts checks and specs as `npm test` does, as a process of its own. */
async function count(plan: {
  specs: Readonly<Record<string, string>>;
  checks?: string;
  withinMs?: number;
}) {
  const options = { at: plant(plan.specs), withinMs: plan.withinMs ?? 60_000, exitWithinMs: 300 };
  const program = `
    import { Tally } from '${tally}';
    const tally = new Tally(${JSON.stringify(options)});
    ${plan.checks ?? ''}
    await tally.specs('planted', ['unit']);
    process.exitCode = tally.close();`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program]);
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  await once(child, 'close');
  return { said, last: said.trimEnd().split('\n').at(-1), code: child.exitCode };
}

const passing = `it('holds', () => undefined);`;

describe('the tally', () => {
  it('adds up named checks and specs in its last line', async () => {
    const checks = `await tally.check('a check', async (succeeds) => succeeds('node', ['--version']));`;

    const { last, code } = await count({ specs: { passing }, checks });

    expect([last, code]).toEqual(['2 passed, 0 failed', 0]);
  });

  it('counts a check that could not be made as skipped, and says why', async () => {
    const checks = `await tally.check('an audit', async () => ({ notRun: 'nobody answers' }));`;

    const { said, last, code } = await count({ specs: { passing }, checks });

    expect(said).toContain('!! NOT RUN: nobody answers');
    expect(said).toContain('\n1 skipped\n');
    expect([last, code]).toEqual(['1 passed, 0 failed', 0]);
  });

  it('changes with everything that fails: a spec, a spec file, a check, however it does', async () => {
    const { said, last, code } = await count({
      specs: {
        passing,
        failing: `it('does not', () => { throw new Error('planted'); });`,
        unreadable: `it('has no end', (`,
        skipping: `it.skip('is left out', () => undefined);`,
      },
      checks: `
        await tally.check('a check', async () => false);
        await tally.check('a fault', async () => { throw new Error('planted'); });
        await tally.check('a command', async (succeeds) => succeeds('node', ['--eval', 'process.exit(3)']));`,
    });

    expect(said).toContain('\n1 skipped\n');
    expect([last, code]).toEqual(['1 passed, 5 failed', 1]);
  });

  it('ends a run that takes too long, says what was running, and counts it as failed', async () => {
    const { said, last, code } = await count({
      specs: { endless: `it('waits', () => new Promise((r) => setTimeout(r, 50_000)), 60_000);` },
      withinMs: 6_000,
    });

    expect(said).toContain('jest: took longer than 6 s. Still running:');
    expect(said).toMatch(/did not end: .*endless\.spec\.cjs/);
    expect([last, code]).toEqual(['0 passed, 1 failed', 1]);
  });

  it('does not wait for a test runner that a spec keeps alive after the last one', async () => {
    const { said, last, code } = await count({
      specs: { leaking: `it('leaks', () => void setInterval(() => undefined, 1_000));` },
    });

    expect(said).toContain('something was left open');
    expect([last, code]).toEqual(['1 passed, 1 failed', 1]);
  });
});
