import type { Presentation, Provider } from '@hutong/domain-events';
import type { InstrumentKind } from '../posting/codes.js';
import type { Period } from '../operator-api/period.js';

/** How long a bucket of volume is; days are Beijing's. */
export const GRAINS = ['minute', 'hour', 'day'] as const;
export type Grain = (typeof GRAINS)[number];

/** Which volume: of everything that is not named. */
export type VolumeQuestion = Readonly<{
  platform?: string;
  provider?: Provider;
  instrument?: InstrumentKind;
  presentation?: Presentation;
  /** By when it happened at the provider. */
  period: Period;
}>;
