import { leaveGroup, memberIds } from './back-end/kafka-wire.js';

/**
 * Says in the name of all members of a group that they leave it. Of a process that was killed the
 * broker learns only when its session is over, half a minute later, and lets nobody take its
 * partitions until then: a spec that has seen it die need not wait for that.
 * @param broker `host:port`. @throws Error if one of them is still there afterwards.
 */
export async function dismissMembers(broker: string, group: string): Promise<void> {
  const [host = '', port = ''] = broker.split(':');
  for (const member of await memberIds(host, Number(port), group)) {
    await leaveGroup(host, Number(port), { group, member });
  }
  const left = await memberIds(host, Number(port), group);
  if (left.length > 0) throw new Error(`${group} still has ${left.length} members`);
}
