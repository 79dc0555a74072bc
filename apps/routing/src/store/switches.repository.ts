import type { Clock } from '@hutong/config';
import type { SwitchTurn as SwitchTurnRow } from '../generated/prisma/client.js';
import type { Switches, SwitchTurn } from '../switches/switch.js';
import type { RoutingDatabase } from './database.repository.js';
import { circuitFrom, lockSwitches, providerFrom } from './usability.repository.js';

const TURNS_SHOWN = 100;

/** The operators' switches. Once a turn is answered, no decision anywhere can come out without it. */
export class SwitchTurns {
  constructor(
    private readonly db: RoutingDatabase,
    private readonly clock: Clock,
  ) {}

  /** Kept even where nothing changes by it: what an operator did, and why, stays. */
  turn(asked: Omit<SwitchTurn, 'turnedAt'>): Promise<SwitchTurn> {
    return this.db.transaction(async (tx) => {
      await lockSwitches(tx);
      const data = { ...asked, turnedAt: this.clock.now() };
      return turnFrom(await tx.prisma.switchTurn.create({ data }));
    });
  }

  async all(): Promise<Switches> {
    const { prisma } = this.db;
    const newest = await this.db.query<SwitchTurn>(
      `select distinct on (target)
         target, off, turned_by as "turnedBy", reason, turned_at as "turnedAt"
       from switch_turn order by target, id desc`,
    );
    const turns = await prisma.switchTurn.findMany({ orderBy: { id: 'desc' }, take: TURNS_SHOWN });
    const circuits = await prisma.circuit.findMany({ orderBy: { provider: 'asc' } });
    return {
      off: newest.filter(({ off }) => off),
      turns: turns.map(turnFrom),
      circuits: new Map(circuits.map((row) => [providerFrom(row), circuitFrom(row)])),
    };
  }
}

const turnFrom = ({ target, off, turnedBy, reason, turnedAt }: SwitchTurnRow): SwitchTurn => ({
  target,
  off,
  turnedBy,
  reason,
  turnedAt,
});
