// npm run doctor. Plain JavaScript on purpose: it starts the doctor from its source, so that it can say
// what is missing where nothing can be built, and answers at once.
import { fromSource } from './from-source.mjs';
import { runsNode24 } from './test/checks.mjs';

process.exitCode = (await runsNode24()) ? await examine(process.argv.slice(2)) : 1;

async function examine(args) {
  const [fixtures, { WELL_KNOWN_PORTS, MANAGEMENT_OFFSET }, { doctor }] = await Promise.all([
    findings(),
    fromSource('libs/world/src/well-known-ports.ts'),
    fromSource('tools/src/doctor/doctor.ts'),
  ]);
  const own = Object.entries(WELL_KNOWN_PORTS);
  const management = own
    .filter(([name]) => !name.includes('sandbox') || name === 'provider-sandbox')
    .map(([name, port]) => [`management of ${name}`, port + MANAGEMENT_OFFSET]);
  return doctor(args, { ...fixtures, ports: Object.fromEntries([...own, ...management]) });
}

async function findings() {
  const [{ findBackEnds }, { chooseBackEnd }, { silentServers }, { isFree }] = await Promise.all([
    fromSource('libs/testing/src/back-end/find-back-ends.ts'),
    fromSource('libs/testing/src/back-end/choose-back-end.ts'),
    fromSource('libs/testing/src/back-end/silent-servers.ts'),
    fromSource('libs/testing/src/free-ports.ts'),
  ]);
  return { findBackEnds, chooseBackEnd, silentServers, isFree };
}
