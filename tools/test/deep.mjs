// npm run test:deep: what takes longer. The deep specs, and the integration suite on containers.
import { generate } from '../generate.mjs';
import { dockerAnswers } from './docker.mjs';
import { run, Tally } from './run.mjs';

const tally = new Tally();
const built = await tally.check(
  'build',
  async () => (await generate()) && (await run('tsc', ['--build', 'tsconfig.json'])) === 0,
);
if (built) {
  await tally.specs('deep specs on processes', ['deep'], { HUTONG_BACKEND: 'processes' });
  if (await dockerAnswers()) {
    await tally.specs('integration specs on containers', ['int'], {
      HUTONG_BACKEND: 'containers',
    });
  } else {
    console.log(
      '\n!! NOT RUN: integration specs on containers. No Docker engine answers; with one started, they run here.',
    );
  }
}
process.exitCode = tally.close();
