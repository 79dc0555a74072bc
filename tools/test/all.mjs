// npm test: every check and every spec, the deep ones aside. The last line is the tally.
import { checks } from './checks.mjs';
import { Tally } from './run.mjs';

const tally = new Tally();
for (const [name, look] of checks) await tally.check(name, look);
await tally.specs('unit, integration and end-to-end specs', ['unit', 'int']);
process.exitCode = tally.close();
