import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { allTopicNames, LOCAL_PARTITIONS, SERVICES } from '@hutong/domain-events';
import { eventually, freePorts, runWhere } from '@hutong/testing';
import { ComposedShop } from './composed-shop.js';
import { ComposedSystem, missingToCompose } from './composed-system.js';

const root = join(import.meta.dirname, '../../..');
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

  describe('for a shop on this machine', () => {
    const payer = { openid: 'o-composed', clientIp: '203.0.113.7' };
    let shop: ComposedShop;
    beforeAll(async () => {
      shop = await ComposedShop.open(system);
    }, 60_000);
    afterAll(() => shop[Symbol.asyncDispose]());

    it('opens what it sealed of a payer in a mini program', async () => {
      const method = 'wechat/wechat_pay/mini_program';
      const { paymentId, shown } = await shop.choose(method, 'mini_program', payer);
      await shop.pay(shown, { openid: payer.openid });
      expect(await shop.paid(paymentId)).toBe('paid');
    }, 90_000);

    it("sends a browser to the provider's page, on this machine", async () => {
      const method = 'wechat/wechat_pay/redirect';
      const { paymentId, shown } = await shop.choose(method, 'web', { clientIp: payer.clientIp });
      expect(shown.url).toMatch(/^http:\/\/127\.0\.0\.1:3100\/h5\?/);
      expect(await shop.page(shown.url ?? '')).toContain('128.00');
      await shop.pay(shown);
      expect(await shop.paid(paymentId)).toBe('paid');
    }, 90_000);

    it("sends a browser to Alipay's cashier, on this machine", async () => {
      const { paymentId, shown } = await shop.choose('alipay/alipay/redirect', 'web');
      expect(shown.url).toMatch(/^http:\/\/127\.0\.0\.1:3102\/gateway\.do\?/);
      expect(await shop.page(shown.url ?? '')).toContain('128.00');
      await shop.pay(shown);
      expect(await shop.paid(paymentId)).toBe('paid');
    }, 90_000);

    it("sends a browser by the gateway to UnionPay's cashier, on this machine", async () => {
      const { paymentId, shown } = await shop.choose('unionpay/cloud_quickpass/redirect', 'web');
      expect(shown.url).toMatch(/^http:\/\/127\.0\.0\.1:3013\/front\//);
      await shop.pay(shown); // by the browser: UnionPay takes an order's form once
      expect(await shop.paid(paymentId)).toBe('paid');
    }, 90_000);

    it('shares a link by which somebody else pays, and tells the shop by webhook', async () => {
      const { paymentId, shown } = await shop.choose('wechat/wechat_pay/link', 'web');
      expect(shown.url).toMatch(/^http:\/\/127\.0\.0\.1:3000\/pay\//);
      await shop.pay(await shop.press(new URL(shown.url ?? '')));
      expect(await shop.paid(paymentId)).toBe('paid');
      await eventually(() => shop.told.get(paymentId)?.includes('payment.paid') === true, {
        what: 'the webhook to come',
      });
    }, 90_000);
  });

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
    expect(stderr).toMatch(/there is no app checkuot: .*\bcheckout, /);
  }, 610_000);

  it('ends by SIGTERM while it waits for something that nobody handles', async () => {
    // It takes connections and never says a word.
    await using silent = createServer();
    const [port] = await freePorts(1);
    await once(silent.listen(port, '127.0.0.1'), 'listening');
    const env = [
      '--env',
      `DATABASE_URL=postgresql://checkout@127.0.0.1:${port}/checkout`,
      '--env',
      'DATABASE_PASSWORD_FILE=/app/apps/checkout/package.json',
    ];
    const name = `hutong-signal-${process.pid}`;
    const waiting = spawn('docker', [
      ...['run', '--rm', '--network', 'host', '--name', name, '--read-only', ...env],
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
