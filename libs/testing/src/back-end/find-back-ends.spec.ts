import { expect, it } from '@jest/globals';
import { describeBackEnds } from './find-back-ends.js';

it('says of each back end what it has or lacks, and which is used', () => {
  expect(
    describeBackEnds({ running: {}, java: 17, maven: '3.9.9', kafkaJars: false, postgres: true }),
  ).toEqual([
    'already running  not given',
    'containers       no Docker engine answers (start one, or set DOCKER_HOST)',
    "processes        Java 17, Kafka's jars come by Maven 3.9.9",
    'used             processes',
  ]);
  expect(
    describeBackEnds({
      running: { brokers: 'b:9092', databaseUrl: 'postgres://u:secret@d' },
      docker: '26.1.5',
      kafkaJars: true,
      postgres: false,
    }),
  ).toEqual([
    'already running  HUTONG_TEST_KAFKA_BROKERS and HUTONG_TEST_DATABASE_URL are set',
    'containers       Docker 26.1.5',
    'processes        no Java in the path (install 17 or later); npm has no PostgreSQL for this machine (run npm ci without --omit=optional, or use Docker)',
    'used             running',
  ]);
});
