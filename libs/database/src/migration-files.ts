import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';

/** A folder of `NNNN_name/migration.sql` and whose it is: a library's name, or the app's. */
export type MigrationSource = Readonly<{ name: string; folder: URL }>;

export type Migration = Readonly<{
  /** As the history names it, with its source: `messaging/0001_inbox`. */
  name: string;
  sql: string;
  /** SHA-256 of the file, lower-case hex. */
  checksum: string;
}>;

/** The migrations of a source in their order. @throws Error if a folder has no `migration.sql`. */
export async function migrationsOf(source: MigrationSource): Promise<Migration[]> {
  const folder = new URL(source.folder.href.replace(/\/?$/, '/'));
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names.toSorted().map(async (name) => {
      const sql = await readFile(new URL(`${name}/migration.sql`, folder), 'utf8');
      const checksum = createHash('sha256').update(sql).digest('hex');
      return { name: `${source.name}/${name}`, sql, checksum };
    }),
  );
}
