// npm run test:deep: what takes longer. The deep specs, and the integration suite on containers.
import { builds } from './checks.mjs';
import { dockerAnswers } from './docker.mjs';
import { Tally } from './tally.mjs';

const tally = new Tally({ withinMs: 17 * 60_000 });
for (const [name, look] of builds) await tally.check(name, look);
await tally.specs('deep specs on processes', ['deep'], { HUTONG_BACKEND: 'processes' });
if (await dockerAnswers()) {
  await tally.specs('integration specs on containers', ['int'], { HUTONG_BACKEND: 'containers' });
} else {
  console.log(
    '\n!! NOT RUN: integration specs on containers. No Docker engine answers; with one started, they run here.',
  );
}
process.exitCode = tally.close();
