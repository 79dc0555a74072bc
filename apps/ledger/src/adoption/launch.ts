import type { Days } from '../operator-api/period.js';
import type { Day } from '../posting/day.js';

/** What growth is measured against: as many days from the launch on, whatever the window. */
export const LAUNCH_DAYS = 30;

export const launchDays = (launch: Day): Days => ({
  from: launch,
  to: (launch + LAUNCH_DAYS) as Day,
});
