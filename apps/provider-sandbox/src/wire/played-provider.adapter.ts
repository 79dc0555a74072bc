import type { StopStep } from '@hutong/http';
import type { Logger } from '@hutong/telemetry';
import type { Provider, Type } from '@nestjs/common';
import type { SandboxClock } from '../clock/sandbox-clock.adapter.js';
import type { Faults } from '../faults/faults.js';
import type { FaultCatalogue } from '../faults/known-faults.js';
import type { Authority } from '../tls/authority.adapter.js';
import type { ProviderServers } from './provider-servers.adapter.js';

/** What all providers share: one world's time, faults, authority and log. */
export type SideSurroundings = Readonly<{
  clock: SandboxClock;
  faults: Faults;
  authority: Authority;
  logger: Logger;
  /** Each has one merchant account at every provider. */
  platforms: readonly string[];
}>;

/** One provider with fresh keys and empty books. */
export type PlayedSide = Readonly<{
  /** @param pagesUrl where payers find the pages, without a slash at the end */
  serversWith(pagesUrl: string): ProviderServers;
  /** What its controllers take. */
  providers: readonly Provider[];
  /** What ends nothing that is under way, in order. */
  stop: readonly StopStep[];
}>;

/** What the sandbox has to know of a provider to play it. */
export type PlayedProvider<Name extends string = string> = Readonly<{
  /** As its credentials, faults and port are called. */
  name: Name;
  open: (around: SideSurroundings) => Promise<PlayedSide>;
  /** What clients have to be led away from. */
  hosts: readonly string[];
  /** Its credentials, books, control API and pages. */
  controllers: readonly Type[];
  /** What may go wrong at it. */
  faults: FaultCatalogue;
  /** Paths of its pages that are posted to as forms. */
  pageForms: readonly string[];
}>;
