import type { Choice, Found } from '@hutong/testing';
import { readOptions, UsageError } from '../command-line.js';
import { problemsOf, type Facts } from './diagnosis.js';
import { lookAtMachine, lookAtTakenPort } from './look.js';
import { jsonOf, reportOf } from './report.js';

const USAGE = `npm run doctor [-- options]

Says what was found on this machine and which back end specs, demo and benches will use. Starts nothing.
Exit code 0 if the demo can run here, 1 with what to do if it cannot.

  --json   the same for programs, on standard output
  --help   this text`;

/** What the doctor learns from the fixtures: it runs from its source, before anything is built. */
export type Fixtures = Readonly<{
  findBackEnds: () => Promise<Found>;
  chooseBackEnd: (found: Found) => Choice;
  /** Names of the servers that are said to run and do not answer. */
  silentServers: (choice: Choice) => Promise<string[]>;
  ports: Readonly<Record<string, number>>;
  isFree: (port: number) => Promise<boolean>;
}>;

/** @returns the exit code. */
export async function doctor(args: readonly string[], fixtures: Fixtures): Promise<number> {
  try {
    const options = readOptions('doctor', args, {
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    });
    if (options.help) {
      console.log(USAGE);
      return 0;
    }
    const facts = await look(fixtures);
    console.log(options.json ? JSON.stringify(jsonOf(facts), null, 2) : reportOf(facts).join('\n'));
    return problemsOf(facts).length === 0 ? 0 : 1;
  } catch (fault) {
    if (!(fault instanceof UsageError)) throw fault;
    console.error(fault.message);
    return 2;
  }
}

async function look(fixtures: Fixtures): Promise<Facts> {
  const [machine, backEnds, ports] = await Promise.all([
    lookAtMachine(),
    fixtures.findBackEnds(),
    Promise.all(
      Object.entries(fixtures.ports).map(async ([of, port]) =>
        (await fixtures.isFree(port)) ? { port, of } : lookAtTakenPort(port, of),
      ),
    ),
  ]);
  const choice = fixtures.chooseBackEnd(backEnds);
  return { ...machine, backEnds, ports, choice, silent: await fixtures.silentServers(choice) };
}
