import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { cut } from './provider-servers.adapter.js';
import type { WirePlan } from './wire-plan.js';

/**
 * Does what was asked and answers it, and everything that a fault does to the way there and back.
 * @param act has the effect, and returns what answers.
 */
export async function throughWire(
  plan: WirePlan,
  response: ServerResponse,
  act: () => () => void,
): Promise<void> {
  if (plan.delayMs > 0) await pause(plan.delayMs);
  if (plan.dropRequest) return cut(response);
  const answer = act();
  if (plan.answerDelayMs > 0) await pause(plan.answerDelayMs);
  if (plan.dropAnswer) return cut(response);
  answer();
}
