import type { Choice } from './choose-back-end.js';
import { brokerAnswers } from './kafka-wire.js';

/** Which of the servers that are said to run already do not answer; nothing for those to be started. */
export async function silentServers(choice: Choice): Promise<string[]> {
  if (choice.kind !== 'running') return [];
  const brokers = choice.brokers.split(',').map((broker) => broker.trim());
  const answers = await Promise.all(brokers.map(async (broker) => answersAt(broker)));
  const { postgresAnswers } = await import('./postgres-answers.js');
  const silent: string[] = [];
  if (!answers.some(Boolean)) silent.push('the broker of HUTONG_TEST_KAFKA_BROKERS');
  if (!(await postgresAnswers(choice.databaseUrl))) {
    silent.push('the database of HUTONG_TEST_DATABASE_URL');
  }
  return silent;
}

async function answersAt(broker: string): Promise<boolean> {
  const [, host, port] = /^(.+):(\d+)$/.exec(broker) ?? [];
  return host !== undefined && port !== undefined && brokerAnswers(host, Number(port));
}
