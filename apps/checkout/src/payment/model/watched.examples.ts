import { belongingsOf, type Payment } from '../payment.js';
import { statesPage } from '../states-page.js';
import { MACHINE, type Machine } from './machine.examples.js';

/** The machine, and every arrow that it takes: `Payment: paying --> paid`. */
export function watched(): Readonly<{ machine: Machine; taken: ReadonlySet<string> }> {
  const taken = new Set<string>();
  const machine: Machine = {
    ...MACHINE,
    // Asked once for each step that is saved.
    requestsOf: (before, after) => {
      const known = statusesOf(before);
      statusesOf(after).forEach((to, what) => {
        const from = known.get(what);
        if (from !== undefined && from !== to) {
          taken.add(`${what.replace(/ .*/, '')}: ${from} --> ${to}`);
        }
      });
      return MACHINE.requestsOf(before, after);
    },
  };
  return { machine, taken };
}

function statusesOf(p: Payment): Map<string, string> {
  const { attempts, refunds, surplus } = belongingsOf(p);
  const all = [...refunds, ...surplus.flatMap((s) => s.refunds)];
  return new Map([
    ['Payment', p.status],
    ...attempts.map((a) => [`Attempt ${a.id}`, a.status] as const),
    ...all.map((r) => [`Refund ${r.id}`, r.status] as const),
    ...surplus.map((s) => [`Surplus ${s.providerRef}`, s.status] as const),
  ]);
}

/** Every arrow that `docs/payment-states.md` draws. */
export const arrows = (): string[] =>
  statesPage()
    .split('\n## ')
    .flatMap((section) => {
      const name = section.slice(0, section.indexOf('\n'));
      const drawn = section.matchAll(/^ {2}(\w+ --> \w+):/gm);
      return [...drawn].map(([, ends]) => `${name}: ${ends}`);
    });
