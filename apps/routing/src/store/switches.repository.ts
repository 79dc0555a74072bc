import type { Clock } from '@hutong/config';
import type { SwitchTurn as SwitchTurnRow } from '../generated/prisma/client.js';
import type { Switches, SwitchTurn } from '../switches/switch.js';
import type { RoutingDatabase } from './database.repository.js';
import { circuitFrom, providerFrom } from './usability.repository.js';

const TURNS_SHOWN = 100;

/** The operators' switches. Every decision reads them, so a turn holds from its commit on, everywhere. */
export class SwitchTurns {
  constructor(
    private readonly db: RoutingDatabase,
    private readonly clock: Clock,
  ) {}

  /** Kept even where nothing changes by it: what an operator did, and why, stays. */
  async turn(asked: Omit<SwitchTurn, 'turnedAt'>): Promise<SwitchTurn> {
    const data = { ...asked, turnedAt: this.clock.now() };
    return turnFrom(await this.db.prisma.switchTurn.create({ data }));
  }

  async all(): Promise<Switches> {
    const { prisma } = this.db;
    const order = [{ target: 'asc' }, { id: 'desc' }] as const;
    const newest = await prisma.switchTurn.findMany({ distinct: ['target'], orderBy: [...order] });
    const turns = await prisma.switchTurn.findMany({ orderBy: { id: 'desc' }, take: TURNS_SHOWN });
    const circuits = await prisma.circuit.findMany({ orderBy: { provider: 'asc' } });
    return {
      off: newest.filter(({ off }) => off).map(turnFrom),
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
