// A process that consumes a topic on which nothing happens: says `ready`, and answers each message with
// the microseconds of processor time that it has taken so far.
import { databaseAt } from '../../bench-database.js';
import { startConsumer } from '../hop-service.js';

const [brokers = '', namespace = '', databaseUrl = ''] = process.argv.slice(2);
const kafka = { brokers: brokers.split(','), namespace };
await startConsumer(kafka, databaseAt(databaseUrl), () => undefined);

process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.(user + system);
});
process.once('disconnect', () => process.exit(0));
process.send?.('ready');
