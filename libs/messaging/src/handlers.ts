import type { DomainEvent, Topic } from '@hutong/domain-events';
import { catalogue } from '@hutong/domain-events';
import { isObservable, lastValueFrom } from 'rxjs';
import { isDisposition, type Disposition } from './disposition.js';
import { isHears } from './hears.js';
import { carries } from './read-record.js';
import type { Received } from './received.js';

/** A controller's method behind Nest's pipeline: it may answer with a value or an Observable. */
export type Handler = (received: Received) => Promise<unknown>;

/** Who hears what: per topic and event type one handler, settled at boot. */
export class Handlers {
  private readonly byTopic = new Map<string, Map<string, Handler>>();

  /** @throws Error on a topic or type that is not in the catalogue, and on a second handler for a type. */
  add(pattern: unknown, handler: Handler, extras: unknown): void {
    const topic = topicOf(pattern);
    if (!isHears(extras)) throw new Error(`${topic}: a handler says what it hears(…)`);
    const own = this.byTopic.get(topic) ?? new Map<string, Handler>();
    for (const type of extras.hears) {
      if (!carries(topic, type)) throw new Error(`${topic} does not carry ${type}`);
      if (own.has(type)) throw new Error(`${topic}: two handlers hear ${type}`);
      own.set(type, handler);
    }
    this.byTopic.set(topic, own);
  }

  topics(): Topic[] {
    return [...this.byTopic.keys()].map(topicOf);
  }

  for(topic: Topic, type: DomainEvent['type']): Handler | undefined {
    return this.byTopic.get(topic)?.get(type);
  }
}

/** The handler's answer. @throws whatever it threw, and TypeError if it answered nothing. */
export async function answerOf(handler: Handler, received: Received): Promise<Disposition> {
  const returned = await handler(received);
  const answer: unknown = isObservable(returned)
    ? await lastValueFrom(returned, { defaultValue: undefined })
    : returned;
  if (!isDisposition(answer)) throw new TypeError('a handler answers done, hold or park(reason)');
  return answer;
}

function topicOf(pattern: unknown): Topic {
  const spec = catalogue.find(({ name }) => name === pattern);
  if (spec === undefined) throw new Error(`not a topic of the catalogue: ${String(pattern)}`);
  return spec.name;
}
