import type { PaymentView, Seen } from '@hutong/world';
import { yuan } from './print.js';
import type { Told } from './scenes.js';

/** A scene for a terminal: each payment with why it was offered what, and what became of it. */
export const printScene = ({ when, title, payments, books }: Told): string =>
  ['', `${when}: ${title}`, ...payments.flatMap(printSeen), `  books, in fen: ${books}`].join('\n');

const printSeen = ({ what, payment, decisions }: Seen): string[] => [
  `  ${what}: ${payment.status}${payment.reason === undefined ? '' : ` (${payment.reason})`}`,
  ...decisions.decisions.flatMap(({ offer, policyVersion, methods }) => [
    `    offer ${offer} by policy ${policyVersion}`,
    ...inOneLineEach(methods),
  ]),
  ...moved(payment).map((line) => `    ${line}`),
];

type Offer = Seen['decisions']['decisions'][number];

/** What is offered, in the policy's order, and then what is not, by the reasons against it. */
function inOneLineEach(methods: Offer['methods']): string[] {
  const offeredFirst = methods.toSorted((a, b) => Number(b.offered) - Number(a.offered));
  const lines = Map.groupBy(offeredFirst, ({ reasons }) => verdict(reasons));
  return [...lines].map(
    ([said, same]) => `      ${said}: ${same.map(({ method }) => method).join(', ')}`,
  );
}

const verdict = (reasons: readonly string[]): string =>
  reasons.length === 0 ? 'offered' : `not offered (${reasons.join('; ')})`;

const moved = ({ attempts, receipt, refunds, surplus }: PaymentView): string[] => [
  ...attempts.map(({ method, status }) => `attempt ${method}: ${status}`),
  ...(receipt === undefined ? [] : [`paid ${yuan(receipt.amount)} ${byWhom(receipt)}`]),
  ...refunds.map(({ amount, status }) => `refund of ${yuan(amount)}: ${status}`),
  ...surplus.map(
    (money) => `surplus ${yuan(money.amount)} ${byWhom(money)} (${money.reason}): ${money.status}`,
  ),
];

/** Who took the money is one thing, whose app paid another. */
const byWhom = ({ provider, instrument }: Readonly<{ provider: string; instrument: string }>) =>
  `with ${instrument}, taken by ${provider}`;
