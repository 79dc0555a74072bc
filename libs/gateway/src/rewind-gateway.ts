import { readStoreConfig } from '@hutong/config';
import { RawDatabase } from '@hutong/database';
import { UsageError } from '@hutong/http';
import {
  readRewindArguments,
  runRewind,
  type CommandSurroundings,
  type Memory,
} from '@hutong/messaging';
import { createLogger } from '@hutong/telemetry';
import {
  doubtMaybeSent,
  findMaybeSent,
  type AskedBy,
  type MaybeSent,
} from './maybe-sent.repository.js';

/**
 * Of its own words a gateway recalls nothing: what became of an order or a refund is asked of the provider,
 * who knows. So what stands unsent in its restored database is put in doubt, before anything can send it.
 * @throws UsageError for what makes no sense, and whatever `runRewind` throws.
 */
export async function rewindGateway(
  args: readonly string[],
  around: CommandSurroundings,
  askedBy: AskedBy,
): Promise<void> {
  const asked = readRewindArguments(args);
  if (!asked.ok) throw new UsageError(asked.refusal);
  const { service, env, print } = around;
  const logger = createLogger({ service, level: 'error' });
  const open = () => RawDatabase.connect(readStoreConfig(env), { logger });
  await runRewind(asked.value, around, async (memory) => {
    await using db = open();
    return whatIsDone(memory, await doubtMaybeSent(db, askedBy), askedBy);
  });
  if (asked.value.help || asked.value.by !== undefined) return;
  await using db = open();
  for (const line of whatMayBeSent(await findMaybeSent(db, askedBy), askedBy)) print(line);
}

function whatIsDone({ heard }: Memory, found: MaybeSent, askedBy: AskedBy): readonly string[] {
  const commanded = heard.filter(({ event }) => event.type === 'attempt.requested').length;
  const unknown = askedBy.asksByMoreThanNumbers === true ? 'parked' : 'asked for';
  return [
    `${commanded} orders were commanded in that time: what is not known any more is ${unknown}`,
    ...whatMayBeSent(found, askedBy),
    'not brought back: notifications, quarantine and samples of that time; reports are told again',
  ];
}

const whatMayBeSent = (
  { attempts, refunds }: MaybeSent,
  { asksByMoreThanNumbers = false }: AskedBy,
): readonly string[] => [
  asksByMoreThanNumbers
    ? `${attempts.length} attempts and ${refunds.length} refunds have no answer here and may have been ` +
      'sent in that time under another name: left to people'
    : `${attempts.length} attempts stand unsent here and may have been sent in that time: asked for first`,
  ...attempts.map((id) => `  attempt ${id}`),
  ...refunds.map((id) => `  refund ${id}`),
];
