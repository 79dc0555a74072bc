import { describe, expect, it } from '@jest/globals';
import { movesOf, paymentTable } from './payment-table.js';
import { statesPage } from './states-page.js';

const page = statesPage();

describe('the page of states', () => {
  it.each(movesOf(paymentTable).filter(({ from, to }) => from !== to))(
    'draws $from to $to',
    ({ from, to }) => {
      expect(page).toContain(`\n  ${from} --> ${to}: `);
    },
  );

  it('draws nothing that stays', () => {
    expect(page).not.toMatch(/^ {2}(\w+) --> \1:/m);
  });

  it('has a row with every answer', () => {
    expect(page).toContain(
      '| `closing` | duplicate | refuse | `closing`, `closed` | `paid` | duplicate | refuse | refuse |',
    );
    expect(page).toContain(
      '| `closing` | duplicate | `refused` | duplicate | duplicate | `failed` |',
    );
    expect(page).toContain('| `failed` | duplicate | `succeeded` | duplicate |');
    expect(page).toContain('| `refunding` | duplicate | refuse | `refunded` | `taken`, `stuck` |');
  });

  it('says how long surplus waits', () => {
    expect(page).toContain('1 min, 5 min, 30 min, 2 h, 6 h, 24 h after each definite refusal');
  });
});
