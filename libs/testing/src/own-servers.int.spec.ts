import { expect, it } from '@jest/globals';
import { brokerAnswers } from './back-end/kafka-wire.js';
import { postgresAnswers } from './back-end/postgres-answers.js';
import { withClient } from './back-end/with-client.js';
import { dismissMembers } from './dismiss-members.js';
import { startProxiedBroker } from './test-broker.js';
import { startOwnDatabase } from './test-database.js';

it('freezes, continues, kills and restarts a broker at its address', async () => {
  await using broker = await startProxiedBroker();
  const [host = '', port = ''] = broker.direct.split(':');
  const answers = () => brokerAnswers(host, Number(port));
  expect(await answers()).toBe(true);

  await broker.pause();
  expect(await answers()).toBe(false);
  await broker.resume();
  expect(await answers()).toBe(true);

  await broker.kill();
  expect(await answers()).toBe(false);
  await broker.restart();
  expect(await answers()).toBe(true);

  const [, proxyPort = ''] = broker.proxy.address.split(':');
  const answersBehindIt = () => brokerAnswers(host, Number(proxyPort));
  expect(await answersBehindIt()).toBe(true);
  const held = broker.proxy.withhold({ client: '', part: 'answer' });
  expect(await answersBehindIt()).toBe(false);
  held.release();
  expect(await answersBehindIt()).toBe(true);
  await dismissMembers(broker.direct, 'nobody');
});

it('stops, freezes, kills and restarts a database with its data', async () => {
  await using database = await startOwnDatabase();
  await ask(database.adminUrl, 'CREATE TABLE kept (id int)');

  await database.stop();
  expect(await postgresAnswers(database.adminUrl)).toBe(false);
  await database.restart();
  expect(await ask(database.adminUrl, 'SELECT * FROM kept')).toEqual([]);

  await withClient(database.adminUrl, async (client) => {
    await database.pause();
    const late = client.query('SELECT 1').then(() => 'answered');
    const silence = postgresAnswers(database.adminUrl).then((answers) => !answers && 'silent');
    expect(await Promise.race([late, silence])).toBe('silent');
    await database.resume();
    expect(await late).toBe('answered');
  });

  await database.kill();
  await database.restart();
  expect(await ask(database.adminUrl, 'SELECT * FROM kept')).toEqual([]);
});

async function ask(url: string, sql: string): Promise<unknown[]> {
  const { rows } = await withClient(url, (client) => client.query<object>(sql));
  return rows;
}
