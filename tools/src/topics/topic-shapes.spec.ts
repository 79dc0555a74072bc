import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { catalogue, LOCAL_PARTITIONS, parkedTopics } from '@hutong/domain-events';
import { parse } from 'yaml';
import { golden, ofKind, the, type Manifest } from '../k8s/manifests.js';
import { RENDERED, root } from '../k8s/repository.js';
import { differing, inAsyncApi, inCatalogue, inManifests, type Channels } from './topic-shapes.js';

const withTopics = Object.keys(RENDERED).filter(
  (name) => ofKind(golden(name), 'KafkaTopic').length > 0,
);

const published = (): Channels =>
  parse(readFileSync(join(root, 'docs/asyncapi.yaml'), 'utf8')) as Channels;

describe('the topics of the catalogue', () => {
  it.each(withTopics)('are those that Strimzi makes, in %s', (name) => {
    expect(differing(inManifests(golden(name)), inCatalogue())).toEqual([]);
  });

  it('are those of the AsyncAPI document', () => {
    expect(differing(inAsyncApi(published()), inCatalogue())).toEqual([]);
  });

  it('have the writers and hearers that the AsyncAPI document says', () => {
    const said = Object.entries(published().channels).map(([name, channel]) => [
      name,
      channel['x-written-by'],
      channel['x-heard-by'],
    ]);
    expect(said).toEqual([
      ...catalogue.map(({ name, producedBy, heardBy }) => [name, producedBy, heardBy]),
      ...parkedTopics().map(({ name, group }) => [name, [group], []]),
    ]);
  });

  const reports = (manifests: readonly Manifest[]) =>
    the(manifests, 'KafkaTopic', 'gateway.reports');
  it.each<{ what: string; change: (manifests: Manifest[]) => void; said: string }>([
    {
      what: 'other partitions',
      change: (all) => (reports(all).spec.partitions = 12),
      said: 'gateway.reports: 12 partitions for 14 days, not 24 partitions for 14 days',
    },
    {
      what: 'another retention',
      change: (all) => (reports(all).spec.config['retention.ms'] = 86_400_000),
      said: 'gateway.reports: 24 partitions for 1 days, not 24 partitions for 14 days',
    },
    {
      what: 'one topic fewer',
      change: (all) => all.splice(all.indexOf(reports(all)), 1),
      said: 'gateway.reports: is not there, not 24 partitions for 14 days',
    },
    {
      what: 'one topic more',
      change: (all) => (reports(all).spec.topicName = 'gateway.rumours'),
      said: 'gateway.rumours: 24 partitions for 14 days, not there at all',
    },
  ])('are seen to differ where manifests have $what', ({ change, said }) => {
    const manifests = golden('all');
    change(manifests);
    expect(differing(inManifests(manifests), inCatalogue())).toContain(said);
  });

  it('are seen to differ where the document does', () => {
    const document = published();
    const kafka = document.channels['payment.outcomes']?.bindings.kafka;
    Object.assign(kafka ?? {}, { partitions: LOCAL_PARTITIONS });
    expect(differing(inAsyncApi(document), inCatalogue())).toEqual([
      'payment.outcomes: 3 partitions for 14 days, not 24 partitions for 14 days',
    ]);
  });
});
