import { fromSource } from '../from-source.mjs';

/**
 * Whether integration specs can have a broker and a database here, after saying what was found. What is
 * missing is said loudly even where another back end does: those specs then run on that one only.
 */
export async function hasBackEnd() {
  const { describeBackEnds, findBackEnds } = await fromSource(
    'libs/testing/src/back-end/find-back-ends.ts',
  );
  const { chooseBackEnd, missingForContainers, missingForProcesses } = await fromSource(
    'libs/testing/src/back-end/choose-back-end.ts',
  );
  const found = await findBackEnds();
  console.log(describeBackEnds(found).join('\n'));
  const missing = [...missingForContainers(found), ...missingForProcesses(found)];
  for (const one of missing) console.log(`!! NOT THERE: ${one}`);
  return chooseBackEnd(found).kind !== 'refused';
}
