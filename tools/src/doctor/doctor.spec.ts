import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { chooseBackEnd, type Found } from '@hutong/testing';
import { problemsOf, reasonFor, type Facts } from './diagnosis.js';
import { lookAtTakenPort } from './look.js';
import { jsonOf, reportOf } from './report.js';

const GIB = 1024 ** 3;
const nothing: Found = { running: {}, kafkaJars: false, postgres: true };
const withJava: Found = { ...nothing, java: 17, maven: '3.9.9' };
const withDocker: Found = { ...withJava, docker: '26.1.5' };

const onMachine = (backEnds: Found, other: Partial<Facts> = {}): Facts => ({
  node: '24.21.0',
  cores: 2,
  memory: { total: 8 * GIB, available: 4 * GIB },
  disk: { folder: '/tmp', free: 9 * GIB },
  backEnds,
  choice: chooseBackEnd(backEnds),
  silent: [],
  ports: [
    { port: 3000, of: 'checkout' },
    { port: 3001, of: 'routing', takenBy: 'node (pid 7)' },
  ],
  ...other,
});

describe('the doctor', () => {
  type Row = { found: Found; used: string };
  it.each<Row>`
    found                                                                        | used
    ${withJava}                                                                  | ${'processes: no Docker engine answers, and everything for processes is there'}
    ${withDocker}                                                                | ${'containers: Docker 26.1.5 answers'}
    ${{ ...withDocker, asked: 'processes' }}                                     | ${'processes: HUTONG_BACKEND asks for them'}
    ${{ ...withJava, running: { brokers: 'b:1', databaseUrl: 'postgres://d' } }} | ${'already running: HUTONG_TEST_KAFKA_BROKERS and HUTONG_TEST_DATABASE_URL say where'}
  `('says why it is $used', ({ found, used }) => {
    expect(reasonFor(onMachine(found))).toBe(used);
    expect(problemsOf(onMachine(found))).toEqual([]);
  });

  type Lack = { facts: Facts; problem: RegExp };
  it.each<Lack>`
    facts                                                                  | problem
    ${onMachine(nothing)}                                                  | ${/no Docker engine answers \(start one.*no Java in the path \(install 17/}
    ${onMachine(withJava, { memory: { total: 8 * GIB, available: GIB } })} | ${/^1\.0 GiB of memory is too little/}
    ${onMachine(withJava, { disk: { folder: '/tmp', free: GIB / 2 } })}    | ${/^0\.5 GiB in \/tmp is too little/}
    ${onMachine(withJava, { silent: ['the broker of X'] })}                | ${/^the broker of X does not answer: start it/}
  `('says what to do: $problem', ({ facts, problem }) => {
    expect(problemsOf(facts)).toEqual([expect.stringMatching(problem)]);
    expect(reportOf(facts).at(-1)).toMatch(/^NOT READY {2}/);
    expect(jsonOf(facts).ready).toBe(false);
  });

  it('lists what it found, the taken ports with who has them, and the verdict last', () => {
    expect(reportOf(onMachine(withDocker))).toEqual([
      'node       24.21.0',
      'cores      2',
      'memory     4.0 GiB available of 8.0 GiB',
      'disk       9.0 GiB free in /tmp',
      'docker     26.1.5',
      'java       17',
      'maven      3.9.9',
      'kafka      jars are not there yet',
      "postgres   npm's is installed",
      'back end   containers: Docker 26.1.5 answers',
      'ports      1 of 2 free; the demo takes others where it must',
      '           3001 (routing) is taken by node (pid 7)',
      '',
      'ready: npm run demo',
    ]);
  });

  it('never tells an address: it may hold a password', () => {
    const running = { brokers: 'b:1', databaseUrl: 'postgres://u:hunter2@d' };
    const facts = onMachine({ ...withJava, running });

    expect(JSON.stringify([jsonOf(facts), reportOf(facts)])).not.toContain('hunter2');
  });

  it('names who has a port', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;

    const taken = await lookAtTakenPort(port, 'us');
    server.close();

    expect(taken.takenBy).toMatch(new RegExp(`\\(pid ${process.pid}\\)$|cannot be seen`));
  });
});
