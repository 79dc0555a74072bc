// npm run test:deep: what takes longer. The deep specs, and the integration suite on containers.
import { builds } from './checks.mjs';
import { ensureChromium } from './chromium.mjs';
import { missingForContainers } from './docker.mjs';
import { Tally } from './tally.mjs';

/** Whoever runs it beside other things says how much of its time is left. */
const minutes = Number(process.env.HUTONG_DEEP_MINUTES ?? 45);
const tally = new Tally({ withinMs: minutes * 60_000 });
for (const [name, look] of builds) await tally.check(name, look);
ensureChromium();
await tally.specs('deep specs on processes', ['deep'], { HUTONG_BACKEND: 'processes' });
const missing = await missingForContainers();
const onContainers = 'integration specs on containers';
if (missing === undefined) {
  await tally.specs(onContainers, ['int'], { HUTONG_BACKEND: 'containers' });
} else {
  tally.skip(onContainers, `${missing}, they run here`);
}
process.exitCode = tally.close();
