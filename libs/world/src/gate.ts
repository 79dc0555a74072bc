import { randomInt } from 'node:crypto';
import { Client } from 'pg';
import { change } from './change.js';
import { ask } from './database.js';

/** Where a gate stands: before every statement of this kind on this table. */
export type Place = Readonly<{ table: string; before: 'insert' | 'update' | 'delete' }>;

/** Who stands at a gate, in an open transaction. */
export type Waiting = Readonly<{ instance: string; backend: number }>;

/** Advisory locks of gates, apart from all others: "GATE" in ASCII. */
const LOCK_CLASS = 0x47415445;
const ANSWERED_WITHIN_MS = 30_000;

/**
 * Holds processes at one statement of theirs, from outside: a trigger that a spec adds to a service's
 * database asks for a lock, which the gate holds while it is shut. A service gives a lock up after some
 * seconds and tries again. The trigger stays, and asks in vain, until the database is dropped.
 */
export class Gate implements AsyncDisposable {
  private constructor(
    private readonly address: string,
    private readonly holder: Client,
    private readonly id: number,
  ) {}

  /** An open one. @param address of a role that may add triggers. */
  static async build(address: string, { table, before }: Place): Promise<Gate> {
    const id = randomInt(1, 2 ** 31 - 1);
    await change(
      address,
      `create function gate_${id}() returns trigger language plpgsql as $$
       begin perform pg_advisory_xact_lock_shared(${LOCK_CLASS}, ${id}); return null; end $$;
       create trigger gate_${id} before ${before} on ${table} execute function gate_${id}()`,
    );
    const holder = new Client({
      connectionString: address,
      query_timeout: ANSWERED_WITHIN_MS,
      application_name: 'gate',
    });
    holder.on('error', () => undefined); // the lock is gone with it: whoever waits goes on
    await holder.connect();
    return new Gate(address, holder, id);
  }

  /** From now on whoever comes here waits. */
  async shut(): Promise<void> {
    await this.holder.query(`select pg_advisory_lock(${LOCK_CLASS}, ${this.id})`);
  }

  /** Lets everybody through. */
  async open(): Promise<void> {
    await this.holder.query(`select pg_advisory_unlock(${LOCK_CLASS}, ${this.id})`);
  }

  /** Who stands here now. */
  waiting(): Promise<Waiting[]> {
    return ask<Waiting>(
      this.address,
      `select a.application_name as instance, a.pid as backend
       from pg_locks l join pg_stat_activity a on a.pid = l.pid
       where l.locktype = 'advisory' and l.classid = ${LOCK_CLASS} and l.objid = ${this.id}
         and not l.granted and a.datname = current_database() and a.xact_start is not null`,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.holder.end();
  }
}
