import { PROVIDERS } from '@hutong/domain-events';
import { aimed, median, quantile, reported, type Aim, type Result } from '../figures.js';
import { interleave } from '../interleave.js';
import type { Journey, Traveller } from '../load/journey.js';
import { BareHops } from './bare-hops.js';

const AIM: Aim = { sign: '≤', limits: [3, 2] };
/** requested, offered. */
const HOPS_TO_OFFER = 2;
/** selected, ordered from the gateway, reported. */
const HOPS_TO_ACTION = 3;

type Run = Readonly<{ offer: readonly number[]; action: readonly number[] }>;

/** One payment at a time against one message at a time, in turns. @param count of payments a run. */
export async function againstBare(
  traveller: Traveller,
  brokers: readonly string[],
  { runs, count }: Readonly<{ runs: number; count: number }>,
  note: (line: string) => void,
): Promise<readonly Result[]> {
  await using offer = await BareHops.connect(brokers, HOPS_TO_OFFER);
  await using action = await BareHops.connect(brokers, HOPS_TO_ACTION);
  const bare = async (): Promise<Run> => ({
    offer: await offer.measure(count),
    action: await action.measure(count),
  });
  const ours = async (): Promise<Run> => {
    const journeys: Journey[] = [];
    for (let n = 0; n < count; n += 1) {
      journeys.push(await traveller.travel(PROVIDERS[n % PROVIDERS.length] ?? 'wechat'));
    }
    return {
      offer: journeys.map(({ offerMs }) => offerMs),
      action: journeys.map(({ actionMs }) => actionMs),
    };
  };
  const measured = await interleave<'bare' | 'ours', Run>(
    [
      { name: 'bare', measure: bare },
      { name: 'ours', measure: ours },
    ],
    runs,
    note,
  );
  const at = (side: 'bare' | 'ours', leg: keyof Run, share: number): number =>
    median((measured.get(side) ?? []).map((run) => quantile(run[leg], share)));
  const legs = [
    ['offer', 'POST /payments to offer', HOPS_TO_OFFER],
    ['action', 'choose to action', HOPS_TO_ACTION],
  ] as const;
  return legs.flatMap(([leg, name, hops]) =>
    [0.5, 0.95].flatMap((share) => {
      const [ours, bare] = [at('ours', leg, share), at('bare', leg, share)];
      const which = `p${share * 100}`;
      return [
        reported(`bare kafkajs through ${hops} hops, ${which}`, bare, 'ms'),
        reported(`${name}, ${which}`, ours, 'ms'),
        share === 0.5
          ? aimed(AIM, `${name} / bare, ${which}`, ours / bare, 'times')
          : reported(`${name} / bare, ${which}`, ours / bare, 'times'),
      ];
    }),
  );
}
