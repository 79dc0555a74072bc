import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { allTopicNames, LOCAL_PARTITIONS } from '@hutong/domain-events';
import { eventually, runWhere } from '@hutong/testing';
import { ComposedSystem, missingToCompose } from './composed-system.js';

const root = join(import.meta.dirname, '../../..');
const SERVICES = ['checkout', 'routing', 'wechat-gateway', 'ledger'];
const OURS = [...SERVICES, 'provider-sandbox'];

const described = runWhere(describe, missingToCompose());

described('docker compose up --build --wait', () => {
  let system: ComposedSystem;
  beforeAll(() => {
    system = ComposedSystem.up();
  }, 15 * 60_000);
  afterAll(() => system[Symbol.dispose](), 120_000);

  it('brings every service up, healthy, and everything before them to its end', () => {
    const health = OURS.map((name) => [name, system.inspect(name, '{{.State.Health.Status}}')]);
    expect(health).toEqual(OURS.map((name) => [name, 'healthy']));
    const once = ['secrets', 'topics', 'accounts', ...SERVICES.map((s) => `${s}-migrations`)];
    const ends = once.map((name) => [name, system.inspect(name, '{{.State.ExitCode}}')]);
    expect(ends).toEqual(once.map((name) => [name, '0']));
  });

  it('carries one payment all the way round', () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['tools/compose/pay.mjs'], {
      cwd: root,
      env: system.env,
      encoding: 'utf8',
      timeout: 150_000,
    });
    expect([status, stderr.replace(/^.*Container.*\n/gm, '')]).toEqual([0, '']);
    expect(stdout).toMatch(/^the platform sees it paid$/m);
    expect(stdout).toMatch(/^the ledger booked .*12800/m);
  }, 160_000);

  it("has the catalogue's topics, with a laptop's partitions", () => {
    const program = `
      import kafkajs from 'kafkajs';
      const brokers = [process.env.KAFKA_BROKERS];
      const admin = new kafkajs.Kafka({ brokers, logLevel: kafkajs.logLevel.NOTHING }).admin();
      await admin.connect();
      const { topics } = await admin.fetchTopicMetadata();
      await admin.disconnect();
      console.log(JSON.stringify(topics.map((one) => [one.name, one.partitions.length])));`;
    const once = ['run', '--rm', '-T', '--no-deps', '--entrypoint', 'node'];
    const node = ['--input-type=module', '--eval', program];
    const seen = JSON.parse(system.compose(...once, 'topics', ...node)) as [string, number][];
    const own = seen.filter(([name]) => !name.startsWith('__'));
    expect(own.toSorted()).toEqual(
      allTopicNames()
        .toSorted()
        .map((name) => [name, LOCAL_PARTITIONS]),
    );
  });

  it.each(OURS)('runs %s as nobody in particular, who may write nothing but /tmp', (name) => {
    const look = `
      const { writeFileSync, readFileSync } = require('node:fs');
      const may = (path) => { try { writeFileSync(path, ''); return true; } catch { return false; } };
      console.log(JSON.stringify({
        uid: process.getuid(), gid: process.getgid(),
        first: readFileSync('/proc/1/comm', 'utf8').trim(),
        writes: ['/tmp/x', '/app/x', '/x'].filter(may),
      }));`;
    const said = system.compose('exec', '-T', name, 'node', '--eval', look);
    expect(JSON.parse(said)).toEqual({
      uid: 10001,
      gid: 10001,
      first: expect.stringMatching(/^(node|MainThread)$/),
      writes: ['/tmp/x'],
    });
  });

  it.each(OURS)('answers what %s is probed for', (name) => {
    const ask = `
      const at = 'http://127.0.0.1:' + process.env.MANAGEMENT_PORT;
      const paths = ['/health/live', '/health/ready', '/metrics'];
      Promise.all(paths.map((path) => fetch(at + path))).then((answers) =>
        console.log(JSON.stringify(answers.map((answer) => answer.status))));`;
    const said = system.compose('exec', '-T', name, 'node', '--eval', ask);
    expect(JSON.parse(said)).toEqual([200, 200, 200]);
  });

  it.each(SERVICES)('keeps the schema of %s from whoever serves', (name) => {
    const database = name.replaceAll('-', '_');
    const psql = ['psql', '--username', 'postgres', '--dbname', database, '--tuples-only', '-c'];
    const owners = `select distinct tableowner from pg_tables where schemaname = 'public'`;
    const said = system.compose('exec', '-T', 'postgres', ...psql, owners);
    expect(said.trim()).toBe(`${database}_owner`);
    const may = `select has_schema_privilege('${database}', 'public', 'create')`;
    expect(system.compose('exec', '-T', 'postgres', ...psql, may).trim()).toBe('f');
  });

  // Last: afterwards nothing runs.
  it('stops every service by SIGTERM, in order and in time', () => {
    system.compose('stop', ...OURS);
    const ends = OURS.map((name) => [name, system.inspect(name, '{{.State.ExitCode}}')]);
    expect(ends).toEqual(OURS.map((name) => [name, '0']));
  }, 130_000);
});

described('an image', () => {
  it('is not built for an app that there is not', () => {
    const { status, stderr } = spawnSync(
      'docker',
      ['build', '--progress', 'plain', '--build-arg', 'APP=checkuot', '.'],
      { cwd: root, encoding: 'utf8', timeout: 600_000 },
    );
    expect(status).not.toBe(0);
    expect(stderr).toContain('there is no app checkuot: checkout, ');
  }, 610_000);

  it('ends by SIGTERM while it waits for something that nobody handles', async () => {
    const nowhere = 'DATABASE_URL=postgresql://checkout@192.0.2.1:5432/checkout';
    const env = [
      '--env',
      nowhere,
      '--env',
      'DATABASE_PASSWORD_FILE=/app/apps/checkout/package.json',
    ];
    const name = `hutong-signal-${process.pid}`;
    const waiting = spawn('docker', [
      ...['run', '--rm', '--name', name, '--read-only', ...env],
      ...['hutong/checkout:dev', 'migrate'],
    ]);
    const ended = once(waiting, 'close');
    await eventually(
      () => spawnSync('docker', ['top', name], { encoding: 'utf8' }).stdout.includes('main.js'),
      { what: 'the migration to run' },
    );

    spawnSync('docker', ['kill', '--signal', 'TERM', name], { timeout: 20_000 });

    await ended;
    expect(waiting.exitCode).toBe(143);
  }, 60_000);
});
