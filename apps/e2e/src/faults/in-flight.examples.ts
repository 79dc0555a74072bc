import { randomUUID } from 'node:crypto';
import { readRows, Refused, type Merchant, type PaymentView } from '@hutong/world';
import type { FaultWorld } from './fault-world.examples.js';
import {
  ALL_WAYS,
  chosen,
  offeredOf,
  ordered,
  paid,
  payShown,
  shown,
  shownOf,
  wayOf,
  type WayName,
  WITHIN_MS,
} from './ways.examples.js';

const MINOR = '12800';
/** Whoever asks while a fault lasts waits no longer for more than the answer. */
const HASTY_SECONDS = 2;

/** What came of a call while a fault lasted: its answer's status field, or how it was refused. */
export type Answered = Readonly<{ status: string } | { refused: number }>;

/** By what was asked for. */
export type Answers = Readonly<Record<'requests' | 'choices' | 'refunds', readonly Answered[]>>;

/** Payments that a fault meets in each of their stages, one of each provider's. */
export class InFlight {
  /** Orders that are asked for while the fault lasts. */
  private readonly references = ALL_WAYS.map(() => randomUUID());

  private constructor(
    private readonly world: FaultWorld,
    private readonly shop: Merchant,
    private readonly before: Readonly<Record<'offered' | 'shown' | 'paid', PaymentView[]>>,
  ) {}

  /** Before the fault. */
  static async prepare(world: FaultWorld): Promise<InFlight> {
    const [shop] = world.shops;
    const [offered, inHand, bought] = await Promise.all([
      Promise.all(ALL_WAYS.map(() => ordered(shop))),
      Promise.all(ALL_WAYS.map((way) => shown(shop, way))),
      Promise.all(ALL_WAYS.map((way) => paid(world, shop, way))),
    ]);
    return new InFlight(world, shop, { offered, shown: inHand, paid: bought });
  }

  /** While it lasts everybody goes on: shops ask, choose and give back, payers pay what they were shown. */
  async goOn(): Promise<Answers> {
    const { world, before, references } = this;
    const shop = this.shop.waiting(HASTY_SECONDS);
    const [requests, choices, refunds] = await Promise.all([
      answersOf(references.map((orderReference) => shop.request({ orderReference, minor: MINOR }))),
      answersOf(before.offered.map((payment, n) => chosen(shop, payment, wayOf(n)))),
      answersOf(before.paid.map(({ paymentId }) => shop.refund(paymentId, MINOR))),
      Promise.all(before.shown.map((payment) => payShown(world, payment))),
    ]);
    return { requests, choices, refunds };
  }

  /**
   * Afterwards: whatever was refused is asked for again, and everything goes to its end: paid, and given
   * back where that was asked for. @returns how many payments that are. @throws Error if one gets nowhere.
   */
  async toTheirEnds(): Promise<number> {
    const { shop, before, references } = this;
    const asked = await Promise.all(references.map((reference) => this.askedFor(reference)));
    await Promise.all([
      ...[...asked, ...before.offered.map(({ paymentId }) => paymentId)].map((id, n) =>
        this.pay(id, wayOf(n)),
      ),
      ...before.shown.map(({ paymentId }) => shop.seeUntil(paymentId, 'paid', WITHIN_MS)),
      ...before.paid.map(({ paymentId }) => this.giveBack(paymentId)),
    ]);
    return [asked, ...Object.values(before)].flat().length;
  }

  /** How often each provider has told of what was paid while it lasted, whether it was heard or not. */
  tellings(): Promise<number[]> {
    return Promise.all(
      this.before.shown.map(async ({ attempts }, n) => {
        const attemptId = attempts.at(-1)?.attemptId ?? '';
        const order = await this.world.sandbox.at(wayOf(n)).order(attemptId);
        return order?.notifications.flatMap(({ tries }) => tries).length ?? 0;
      }),
    );
  }

  /** The one payment of an order: no second one comes of asking again. */
  private async askedFor(orderReference: string): Promise<string> {
    const { payment_of_order: orders = [] } = await readRows(
      this.world.ring.databaseOf('checkout'),
      { payment_of_order: 'order_reference, payment_id' },
    );
    const found = orders.find((row) => fieldOf(row, 'order_reference') === orderReference);
    if (found !== undefined) return String(fieldOf(found, 'payment_id'));
    return (await this.shop.request({ orderReference, minor: MINOR })).paymentId;
  }

  private async pay(paymentId: string, way: WayName): Promise<void> {
    const { shop, world } = this;
    const payment = await offeredOf(shop, paymentId);
    if (payment.attempts.length === 0) await chosen(shop, payment, way);
    await payShown(world, await shownOf(shop, paymentId));
    await shop.seeUntil(paymentId, 'paid', WITHIN_MS);
  }

  private async giveBack(paymentId: string): Promise<void> {
    const { refunds } = await this.shop.see(paymentId);
    if (refunds.length === 0) await this.shop.refund(paymentId, MINOR);
    await this.shop.seeUntil(paymentId, 'refunded', WITHIN_MS);
  }
}

const fieldOf = (row: unknown, name: string): unknown => Reflect.get(Object(row), name);

/** @throws what is no answer of checkout's: none came, or none that makes sense. */
const answersOf = (calls: readonly Promise<Readonly<{ status: string }>>[]): Promise<Answered[]> =>
  Promise.all(
    calls.map((call) =>
      call.then(
        ({ status }) => ({ status }),
        (fault: unknown) => {
          if (fault instanceof Refused) return { refused: fault.status };
          throw fault;
        },
      ),
    ),
  );
