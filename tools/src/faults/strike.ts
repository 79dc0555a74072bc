import { setTimeout as pause } from 'node:timers/promises';
import type { Provider } from '@hutong/domain-events';
import type { OwnBroker } from '@hutong/testing';
import { cutSessions, type Ring, type SandboxControl, type ServiceProcess } from '@hutong/world';
import type { Counts } from './counts.js';
import type { Diary } from './diary.js';
import type { Blow } from './plan/blows.js';
import type { Scraper } from './scraper.js';
import { setBackOffsets } from './set-back-offsets.js';
import { startAgain } from './start-again.js';

/** Whom a blow can hit. */
export type Machines = Readonly<{
  ring: Ring;
  broker: OwnBroker;
  sandbox: SandboxControl;
  scraper: Scraper;
  diary: Diary;
  counts: Counts;
  signal: AbortSignal;
}>;

const MOST_STARTS = 3;

/** Lets one blow fall, and waits until what fell is up again. */
export async function strike(machines: Machines, blow: Blow): Promise<void> {
  await hit(machines, blow);
  machines.counts.add(blow.kind);
  if (blow.kind === 'kill') machines.counts.add(`kill ${blow.service}`);
}

async function hit(machines: Machines, blow: Blow): Promise<void> {
  const { broker, diary, signal } = machines;
  switch (blow.kind) {
    case 'kill':
      return kill(machines, blow);
    case 'freeze':
      return freeze(machines, blow);
    case 'cut_connections':
      return cut(machines, blow);
    case 'set_back_offsets':
      return setBack(machines, blow);
    case 'freeze_broker':
      diary.machines(`broker frozen for ${blow.forMs} ms`);
      await broker.pause();
      try {
        await pause(blow.forMs, undefined, { signal });
      } finally {
        await broker.resume();
      }
      return diary.machines('broker goes on');
    case 'kill_broker':
      diary.machines('broker killed');
      await broker.kill();
      await pause(blow.downMs, undefined, { signal });
      await backUp(broker);
      return diary.machines('broker is up again');
    case 'outage':
      diary.machines(`${blow.provider} answers the next ${blow.calls} calls of a kind with 500`);
      return outage(machines, blow.provider, blow.calls);
  }
}

/** A busy machine may need more than one start of a broker. @throws Error if it needs too many. */
async function backUp(broker: OwnBroker): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await broker.restart();
    } catch (cause) {
      if (tries === MOST_STARTS) throw cause;
      await broker.kill();
    }
  }
}

async function kill(
  { ring, scraper, diary, signal }: Machines,
  { service, instance, downMs }: Blow & { kind: 'kill' },
): Promise<void> {
  const process = processOf(ring, service, instance);
  await scraper.lookAt(service, process);
  diary.machines(`${process.name} killed`);
  await process.kill();
  await pause(downMs, undefined, { signal });
  await startAgain(ring, service);
  diary.machines(`${process.name} is up again`);
}

async function freeze(
  { ring, diary, signal }: Machines,
  { service, instance, forMs }: Blow & { kind: 'freeze' },
): Promise<void> {
  const process = processOf(ring, service, instance);
  diary.machines(`${process.name} frozen for ${forMs} ms`);
  process.signal('SIGSTOP');
  try {
    await pause(forMs, undefined, { signal });
  } finally {
    process.signal('SIGCONT');
  }
  diary.machines(`${process.name} goes on`);
}

async function setBack(
  machines: Machines,
  { service, backMs }: Blow & { kind: 'set_back_offsets' },
): Promise<void> {
  const { diary, counts } = machines;
  const records = await setBackOffsets(machines, service, backMs);
  diary.machines(`the group of ${service} was set back by ${records} records`);
  counts.add('records set back', Number(records));
}

async function cut(
  { ring, diary, counts }: Machines,
  { service }: Blow & { kind: 'cut_connections' },
): Promise<void> {
  const { length } = await cutSessions(ring.databaseOf(service));
  diary.machines(`${length} database connections of ${service} cut`);
  counts.add('database connections cut', length);
}

/** The call that makes an order: at Alipay, one to scan. */
const creationAt = (provider: Provider): string => (provider === 'alipay' ? 'precreate' : 'create');

async function outage({ sandbox }: Machines, provider: Provider, times: number): Promise<void> {
  for (const call of [creationAt(provider), 'query']) {
    await sandbox.arm({ provider, call, fault: 'error_500', times });
  }
}

/** @throws Error if there is none. */
function processOf(
  ring: Ring,
  service: Parameters<Ring['instancesOf']>[0],
  instance: number,
): ServiceProcess {
  const process = ring.instancesOf(service)[instance];
  if (process === undefined) throw new Error(`no process ${instance} of ${service}`);
  return process;
}
