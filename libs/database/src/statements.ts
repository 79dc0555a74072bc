import { createHash } from 'node:crypto';
import type { QueryConfig } from 'pg';

/** Texts that are made from lists may be any number: those that come later go without a name. */
const MOST_NAMES = 300;

/** Gives statements names, by which a connection parses each once, and after a few times plans it no more. */
export class Statements {
  private readonly names = new Map<string, string>();

  /** Without parameters it stays nameless, as it may be several statements in one text. */
  of(text: string, values: readonly unknown[]): QueryConfig {
    const name = values.length === 0 ? undefined : this.nameOf(text);
    return { text, values: [...values], ...(name !== undefined && { name }) };
  }

  /** It follows from the text: two databases on one pool never mean different statements by it. */
  private nameOf(text: string): string | undefined {
    const known = this.names.get(text);
    if (known !== undefined || this.names.size >= MOST_NAMES) return known;
    const name = createHash('sha256').update(text).digest('base64url');
    this.names.set(text, name);
    return name;
  }
}
