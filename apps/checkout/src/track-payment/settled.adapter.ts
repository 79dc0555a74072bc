import { done, park, type Disposition } from '@hutong/messaging';
import type { Step } from '../payment/advance.js';

/** A duplicate is dealt with; what cannot be is set aside for people to look at. */
export const settled = (step: Step): Disposition =>
  step.kind === 'refused' ? park(step.reason) : done;
