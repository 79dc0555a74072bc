import { PROVIDERS } from '@hutong/domain-events';
import { aimed, median, quantile, reported, type Aim, type Result } from '../figures.js';
import { interleave, type Turns } from '../interleave.js';
import type { Journey, Traveller } from '../load/journey.js';
import { BareHops } from './bare-hops.js';

const AIM: Aim = { sign: '≤', limits: [3, 2] };

/** What is compared, and through how many hops its facts go. */
const LEGS = {
  /** requested, offered. */
  offer: { name: 'POST /payments to offer', hops: 2 },
  /** selected, ordered from the gateway, reported. */
  action: { name: 'choose to action', hops: 3 },
} as const;
type Leg = keyof typeof LEGS;

/** Milliseconds each. */
type Run = Readonly<Record<Leg, readonly number[]>>;
type Side = 'bare' | 'ours';

/** One payment at a time against one message at a time, in turns. @param count of payments a run. */
export async function againstBare(
  traveller: Traveller,
  brokers: readonly string[],
  { count, ...turns }: Turns & Readonly<{ count: number }>,
  note: (line: string) => void,
): Promise<readonly Result[]> {
  await using offer = await BareHops.connect(brokers, LEGS.offer.hops);
  await using action = await BareHops.connect(brokers, LEGS.action.hops);
  const bare = async (): Promise<Run> => ({
    offer: await offer.measure(count),
    action: await action.measure(count),
  });
  const ours = (): Promise<Run> => oneByOne(traveller, count);
  const measured = await interleave<Side, Run>(
    [
      { name: 'bare', measure: bare },
      { name: 'ours', measure: ours },
    ],
    turns,
    note,
  );
  return (['offer', 'action'] as const).flatMap((leg) => resultsOf(measured, leg));
}

async function oneByOne(traveller: Traveller, count: number): Promise<Run> {
  const journeys: Journey[] = [];
  for (let n = 0; n < count; n += 1) {
    journeys.push(await traveller.travel(PROVIDERS[n % PROVIDERS.length] ?? 'wechat'));
  }
  return {
    offer: journeys.map(({ offerMs }) => offerMs),
    action: journeys.map(({ actionMs }) => actionMs),
  };
}

/** Of medians an aim is kept; how the slowest do is reported beside it. */
function resultsOf(measured: ReadonlyMap<Side, readonly Run[]>, leg: Leg): Result[] {
  const { name, hops } = LEGS[leg];
  const at = (side: Side, share: number): number =>
    median((measured.get(side) ?? []).map((run) => quantile(run[leg], share)));
  return [0.5, 0.95].flatMap((share) => {
    const [ours, bare, which] = [at('ours', share), at('bare', share), `p${share * 100}`];
    const times = `${name} / bare, ${which}`;
    return [
      reported(`bare kafkajs through ${hops} hops, ${which}`, bare, 'ms'),
      reported(`${name}, ${which}`, ours, 'ms'),
      share === 0.5
        ? aimed(AIM, times, ours / bare, 'times')
        : reported(times, ours / bare, 'times'),
    ];
  });
}
