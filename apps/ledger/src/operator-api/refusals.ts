import type { Answered } from '@hutong/http';
import type { EntriesRefusal } from '../see-entries/order.js';
import type { AccountRefusal } from '../balance/balances.repository.js';
import type { DaysRefusal, PeriodRefusal } from './period.js';

type Answers<R extends Readonly<{ code: string }>> = Readonly<Record<R['code'], Answered>>;

const answered = (status: number, title: string): Answered => ({ status, title });

export const entriesRefusals: Answers<EntriesRefusal> = {
  one_order_wanted: answered(400, 'Name one attempt or one refund'),
};

export const accountRefusals: Answers<AccountRefusal> = {
  account_unknown: answered(404, 'There is no such account'),
};

export const periodRefusals: Answers<PeriodRefusal> = {
  period_empty: answered(422, 'The period ends before it begins'),
};

export const daysRefusals: Answers<DaysRefusal> = {
  ...periodRefusals,
  period_too_long: answered(422, 'The period has more days than one answer may'),
};
