import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { allTopicNames, LOCAL_PARTITIONS } from '@hutong/domain-events';
import { ensureTopics, TopicProbe, type TopicShape } from '@hutong/messaging';
import { testBroker } from '@hutong/testing';
import { parse } from 'yaml';
import { root } from '../k8s/repository.js';
import { differing, onALaptop } from './topic-shapes.js';

type Composed = { services: { topics: { entrypoint: string[]; volumes: string[] } } };

/** How the broker has every topic of the catalogue. */
async function onBroker(brokers: string[], namespace: string): Promise<TopicShape[]> {
  await using probe = await TopicProbe.connect({ brokers, namespace });
  return await probe.shapes(allTopicNames());
}

/** The script that compose runs, from where compose mounts it. */
function composedScript(): string {
  const { topics } = (
    parse(readFileSync(join(root, 'docker-compose.yml'), 'utf8'), { merge: true }) as Composed
  ).services;
  const [from = '', to = ''] = topics.volumes[0]?.split(':') ?? [];
  return join(root, topics.entrypoint.at(-1)?.replace(to, from) ?? '');
}

describe('the topics of a laptop', () => {
  let brokers: string[] = [];
  beforeAll(async () => {
    ({ brokers } = await testBroker());
  });

  it('are those of the catalogue where a fixture makes them', async () => {
    const namespace = `topics-${randomUUID()}`;
    await ensureTopics({ brokers, namespace, partitions: LOCAL_PARTITIONS });
    const found = await onBroker(brokers, namespace);

    expect(differing(found, onALaptop())).toEqual([]);
    const another = found.map((topic) => ({ ...topic, retentionMs: topic.retentionMs / 2 }));
    expect(differing(another, onALaptop())).toHaveLength(found.length);
  });

  it('are those of the catalogue where compose makes them', async () => {
    const namespace = `composed-${randomUUID()}`;
    Object.assign(process.env, { KAFKA_BROKERS: brokers.join(','), KAFKA_NAMESPACE: namespace });
    await import(pathToFileURL(composedScript()).href);

    expect(differing(await onBroker(brokers, namespace), onALaptop())).toEqual([]);
  });
});
