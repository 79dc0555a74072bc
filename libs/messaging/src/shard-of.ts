/** Into how many parts the outbox is cut, so that several relays share the work without sharing a key. */
export const SHARDS = 16;

/** FNV-1a over UTF-16 code units: a key has one shard, for ever and in every instance. */
export function shardOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i += 1) {
    hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  }
  return (hash >>> 0) % SHARDS;
}
