// npm run check: what a developer runs before each commit. No broker, no database, no engine.
import { checks } from './checks.mjs';
import { Tally } from './tally.mjs';

const tally = new Tally({ withinMs: 10 * 60_000 });
for (const [name, look] of checks) await tally.check(name, look);
await tally.specs('unit specs', ['unit']);
process.exitCode = tally.close();
