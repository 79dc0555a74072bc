import { change } from './change.js';
import { ask } from './database.js';

/** One write of a row: by which process, and under which fence where rows have one. */
export type Written = Readonly<{ key: string; instance: string; fence: string | null; at: Date }>;

/**
 * Who wrote which rows of a table, as its database saw it: a trigger that a spec adds keeps that in a
 * table beside it. What is rolled back was not written.
 */
export class WriteLog {
  private constructor(
    private readonly address: string,
    private readonly name: string,
  ) {}

  /** Begins now. @param key the column by which rows are told apart. */
  static async of(address: string, table: string, key: string): Promise<WriteLog> {
    const name = `written_${table}`;
    await change(
      address,
      `create table ${name} (id bigserial, key text, instance text, fence text,
         at timestamptz default clock_timestamp());
       create function keep_${name}() returns trigger language plpgsql security definer as $$
       begin
         insert into ${name} (key, instance, fence)
         values (new.${key}::text, current_setting('application_name'), to_jsonb(new) ->> 'fence');
         return null;
       end $$;
       create trigger ${name} after insert or update on ${table}
         for each row execute function keep_${name}()`,
    );
    return new WriteLog(address, name);
  }

  /** Every write of these rows so far, in order; of all rows if none is named. */
  async writes(...keys: readonly string[]): Promise<readonly Written[]> {
    const all = await ask<Written>(
      this.address,
      `select key, instance, fence, at from ${this.name} order by id`,
    );
    return keys.length === 0 ? all : all.filter(({ key }) => keys.includes(key));
  }
}
