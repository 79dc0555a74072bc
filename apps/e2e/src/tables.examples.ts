import type { Envelope, PaymentPaid } from '@hutong/domain-events';
import type { Tables } from '@hutong/world';

/** A payment that was paid, on its booking day in Beijing. */
type Paid = Readonly<{ day: string; event: PaymentPaid }>;
type Member = (paid: Paid) => string;

const payerOf: Member = ({ event: { payment } }) => `${payment.platform} ${payment.payerKey}`;
const shopOf: Member = ({ event: { payment } }) => `${payment.platform} ${payment.merchantId}`;
const LAUNCH = '2021-07-01';

/** The tables as anybody can count them: sets over all events, nothing kept in between. */
export function tablesByHand(past: readonly Envelope[], to: string): Tables {
  const paid = past.flatMap(({ event, ...at }) =>
    event.type === 'payment.paid'
      ? [{ event, day: beijingDay(at.businessTime ?? at.occurredAt) }]
      : [],
  );
  const told = paid.filter(({ day }) => isTold(day, to));
  // Money goes by when it happened, people by when it was booked: in the story these differ.
  const moved = paid.filter(({ event }) => isTold(beijingDay(event.occurredAt), to));
  const taobao = on('taobao');
  const elsewhere = (one: Paid) => !taobao(one);
  const alipay = by('alipay');
  return {
    volumes: [...grouped(moved, volumeOf).values()].map((same) => {
      const [{ event: first }] = same;
      return {
        platform: first.payment.platform,
        provider: first.attempt.provider,
        instrument: kindOf(first),
        payments: same.length,
        gross: {
          currency: 'CNY',
          minor: same.reduce((sum, { event }) => sum + event.amount.minor, 0n).toString(),
        },
      };
    }),
    adoption: [...grouped(told, ({ event }) => event.payment.platform).entries()].flatMap(
      ([platform, there]) =>
        ['alipay', 'wechat_pay', 'unionpay', 'cloud_quickpass', 'bank_app'].flatMap((app) => {
          const own = there.filter(by(app));
          const line = { platform, instrument: app };
          return own.length === 0
            ? []
            : [{ ...line, payers: different(own, payerOf), merchants: different(own, shopOf) }];
        }),
    ),
    unionpayOnTaobao: (['payer', 'merchant'] as const).map((entity) => {
      const member = entity === 'payer' ? payerOf : shopOf;
      const own = told.filter((one) => taobao(one) && by('unionpay')(one));
      const within = (from: string, until: string) =>
        different(
          own.filter(({ day }) => day >= from && day < until),
          member,
        );
      const atLaunch = within(LAUNCH, daysAfter(LAUNCH, 30));
      const now = within(daysAfter(to, -30), to);
      return {
        entity,
        sinceLaunch: within(LAUNCH, to),
        atLaunch,
        now,
        growth: atLaunch === 0 ? null : now / atLaunch,
      };
    }),
    alipayShare: {
      ...part(told.filter(taobao), alipay),
      elsewhere: part(told.filter(elsewhere), alipay),
    },
  };
}

const isTold = (day: string, to: string): boolean => day >= '2021-01-01' && day < to;
const on =
  (platform: string) =>
  ({ event }: Paid): boolean =>
    event.payment.platform === platform;
const by =
  (app: string) =>
  ({ event }: Paid): boolean => {
    const kind = kindOf(event);
    return app === 'unionpay' ? kind === 'cloud_quickpass' || kind === 'bank_app' : kind === app;
  };
const kindOf = ({ attempt }: PaymentPaid): string => attempt.instrument.split(':')[0] ?? '';
const volumeOf = ({ event }: Paid): string =>
  [event.payment.platform, event.attempt.provider, kindOf(event)].join(' ');
const different = (all: readonly Paid[], member: Member): number => new Set(all.map(member)).size;

function part(all: readonly Paid[], these: (paid: Paid) => boolean) {
  const uniques = different(all.filter(these), payerOf);
  const among = different(all, payerOf);
  return { uniques, among, share: among === 0 ? null : uniques / among };
}

/** None of the groups is empty. */
function grouped(all: readonly Paid[], name: Member): ReadonlyMap<string, [Paid, ...Paid[]]> {
  const groups = new Map<string, [Paid, ...Paid[]]>();
  for (const one of all) {
    const group = groups.get(name(one));
    if (group === undefined) groups.set(name(one), [one]);
    else group.push(one);
  }
  return groups;
}

/** Beijing has had one offset since 1991. */
const beijingDay = (at: Date): string =>
  new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 10);
const daysAfter = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
