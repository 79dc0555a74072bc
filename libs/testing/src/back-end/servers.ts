import type { KafkaProxy } from '../kafka-proxy.js';

/** Told what is going on, one line each, without its end. */
export type Report = (line: string) => void;

/** What a spec may do to a server of its own. */
export interface ServerControls extends AsyncDisposable {
  /** Freezes it: connections stay open, nothing is answered. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** As kill -9; resolves when it is gone. Its data stays. */
  kill(): Promise<void>;
  /** Ends it in good order; its data stays. */
  stop(): Promise<void>;
  /** After `kill` or `stop`: the same data at the same address; resolves when it answers. */
  restart(): Promise<void>;
}

export interface OwnBroker extends ServerControls {
  /** `host:port` each. */
  readonly brokers: string[];
}

/** All its clients come through the proxy: `brokers` is that one's address. */
export interface ProxiedBroker extends OwnBroker {
  readonly proxy: KafkaProxy;
  /** `host:port` of the broker itself, for who asks it past the proxy. */
  readonly direct: string;
}

export interface OwnDatabase extends ServerControls {
  /** Address, password included, of a role that may create roles and databases. */
  readonly adminUrl: string;
}

/** How servers are started where none is given. */
export type BackEndKind = 'containers' | 'processes';

/** `quick` starts and stops fast and stays small; `usual` is for benches: Java's own choices. */
export type Jvm = 'quick' | 'usual';
