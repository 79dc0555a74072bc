import { attemptTable, openTable } from './attempt.js';
import {
  HAPPENINGS,
  movesOf,
  paymentTable,
  STATUSES,
  type PaymentHappening,
} from './payment-table.js';
import { refundTable } from './refund.js';
import { RETRY_AFTER_MS, surplusTable } from './surplus.js';

/** What each column of the payment's table is, for a reader. */
const WORDS: Readonly<Record<PaymentHappening, string>> = {
  decision: 'newer decision',
  choice: 'method chosen',
  attempt: 'news of an attempt',
  money: 'asked amount comes',
  close: 'close, or deadline',
  refund: 'refund asked',
  refunded: 'refund succeeded',
};

type Edge = Readonly<{ from: string; to: string; on: string }>;

/** `docs/payment-states.md`: the state machine as its tables have it. */
export const statesPage = (): string => `# States of a payment

<!-- Made by \`npm run docs\` from the tables in apps/checkout/src/payment: change those. -->

Every pair of status and event has an answer: it *advances*, it is a *duplicate* (everyday: events are delivered more than once, and cross), or it is *refused* (an incident: the event is parked for people to look at). Money is never refused where an attempt exists to take it: it pays, or it is surplus.

## Payment

The first success of the asked amount wins until the payment is \`closed\` or \`not_offered\`, whatever was thought of its attempt. It is \`closed\` only once every attempt is certain to take nothing.

${diagram(
  'requested',
  movesOf(paymentTable).map(({ from, to, on }) => ({ from, to, on: WORDS[on] })),
)}

Moves that leave the status as it is are not drawn. The table has them all: every status that may follow, or what happens instead. Surplus is named by its reason.

${table(
  ['status', ...HAPPENINGS.map((on) => WORDS[on])],
  STATUSES.map((status) => [
    code(status),
    ...HAPPENINGS.map((on) => cellText(paymentTable[status][on])),
  ]),
)}

## Attempt

Money makes an attempt \`succeeded\` from any status. A close asks the provider of every open attempt (${openOnes()}), and so does another attempt's success.

${diagram('selected', attemptEdges())}

${answers(attemptTable)}

## Refund

Of the payment's money or of surplus, each under an id of its own. What a provider has refused it may still give back by hand: that is money, so it counts.

${diagram('requested', refundEdges())}

${answers(refundTable)}

## Surplus

It goes back whole, without anyone asking, ${RETRY_AFTER_MS.map(durationText).join(', ')} after each definite refusal, under a new refund id each time. After one refusal more it is \`stuck\`: an operator sees it in \`GET /surplus\` and has it tried again.

${diagram('taken', surplusEdges())}

${table(
  ['status', ...Object.keys(surplusTable.taken).map(code)],
  Object.entries(surplusTable).map(([status, row]) => [
    code(status),
    ...Object.values(row).map(cellText),
  ]),
)}
`;

function diagram(start: string, edges: readonly Edge[]): string {
  const drawn = edges.filter(({ from, to }) => from !== to);
  const byEnds = Map.groupBy(drawn, ({ from, to }) => `${from} --> ${to}`);
  const lines = [...byEnds].map(
    ([ends, all]) => `  ${ends}: ${[...new Set(all.map(({ on }) => on))].join(' / ')}`,
  );
  return ['```mermaid', 'stateDiagram-v2', `  [*] --> ${start}`, ...lines, '```'].join('\n');
}

/** News is named after the status that it leads to: `attempt.failed`. */
const ledTo = (type: string): string => type.slice(type.indexOf('.') + 1);

function edgesOf(rows: Readonly<Record<string, Readonly<Record<string, string>>>>): Edge[] {
  return Object.entries(rows).flatMap(([from, row]) =>
    Object.entries(row)
      .filter(([, answer]) => answer === 'advance')
      .map(([on]) => ({ from, to: ledTo(on), on })),
  );
}

const refundEdges = (): Edge[] => edgesOf(refundTable);

const attemptEdges = (): Edge[] => [
  ...edgesOf(attemptTable),
  ...Object.entries(openTable)
    .filter(([, isOpen]) => isOpen)
    .map(([from]) => ({ from, to: 'closing', on: 'close' })),
  ...Object.keys(attemptTable).map((from) => ({ from, to: 'succeeded', on: 'money' })),
];

type Cells = Readonly<Record<string, string | readonly string[]>>;

const surplusEdges = (): Edge[] =>
  Object.entries<Cells>(surplusTable).flatMap(([from, row]) =>
    Object.entries(row).flatMap(([on, cell]) =>
      typeof cell === 'string' ? [] : cell.map((to) => ({ from, to, on })),
    ),
  );

const openOnes = (): string =>
  Object.entries(openTable)
    .filter(([, isOpen]) => isOpen)
    .map(([status]) => code(status))
    .join(', ');

function answers(rows: Readonly<Record<string, Readonly<Record<string, string>>>>): string {
  const [first = {}] = Object.values(rows);
  return table(
    ['status', ...Object.keys(first).map(code)],
    Object.entries(rows).map(([status, row]) => [
      code(status),
      ...Object.entries(row).map(([on, answer]) =>
        answer === 'advance' ? code(ledTo(on)) : answer,
      ),
    ]),
  );
}

const cellText = (cell: string | readonly string[]): string => {
  if (typeof cell !== 'string') return cell.map(code).join(', ');
  return cell === 'duplicate' || cell === 'refuse' ? cell : `surplus: ${cell}`;
};

const code = (text: string): string => `\`${text}\``;

function durationText(ms: number): string {
  const minutes = ms / 60_000;
  return minutes < 60 ? `${minutes} min` : `${minutes / 60} h`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
