// npm test: every check and every spec, the deep ones aside. The last line is the tally.
import { hasBackEnd } from './back-end.mjs';
import { checks } from './checks.mjs';
import { Tally } from './tally.mjs';

const tally = new Tally({ withinMs: 24 * 60_000 });
for (const [name, look] of checks) await tally.check(name, look);
const there = await tally.check('a broker and a database can be had', hasBackEnd);
if (there) await tally.specs('unit, integration and end-to-end specs', ['unit', 'int']);
else await tally.specs('unit specs alone: there is no back end', ['unit']);
process.exitCode = tally.close();
