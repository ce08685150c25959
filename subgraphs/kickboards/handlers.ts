import type { Cause, Kernel, Store } from '@madang/kernel/context';
import { requireUser } from '@madang/kernel/domain';
import type { HeardTickets } from './adapters/heard-tickets.ts';
import { type KickboardRow, kickboardRow } from './adapters/kickboard-store.ts';
import { rentalRow, type Wish } from './adapters/ride-store.ts';
import type { Rental as RentalRow } from './generated/prisma/client.ts';
import { registerKickboard, removeKickboard } from './kickboard/commands.ts';
import { decideRegister, decideRemove } from './kickboard/decide.ts';
import { type Kickboard, kickboard } from './kickboard/kickboard.ts';
import { rentKickboard, returnKickboard } from './rental/commands.ts';
import { decideClaim, decideReturn, type HeardTicket } from './rental/decide.ts';
import { type Rental, type Ride, ride } from './rental/rental.ts';
import type { Renting } from './renting.ts';

export interface Parts {
  readonly byId: Store<Kickboard>;
  readonly bySerial: Store<Kickboard>;
  readonly rides: (wish?: Wish) => Store<Ride>;
  readonly heard: HeardTickets;
  readonly renting: Renting;
}

export type Handlers = ReturnType<typeof handlers>;

function shown(rental: Rental | null): RentalRow {
  if (rental === null) throw new TypeError('a rental that came about has no row');
  return rentalRow(rental);
}

/** One function per command. */
export const handlers = (kernel: Kernel, { byId, bySerial, rides, heard, renting }: Parts) => ({
  /** `newId` is the kickboard's id. */
  async registerKickboard(raw: unknown, cause: Cause, newId = kernel.newId()): Promise<KickboardRow> {
    const { idempotencyKey, ...input } = registerKickboard.parse(raw);
    const { state } = await kernel.execute({
      aggregate: kickboard,
      store: bySerial,
      key: input.serial,
      input: { ...input, newId },
      decide: decideRegister,
      cause,
      idempotency: {
        scope: `registerKickboard by ${cause.actor.kind === 'user' ? cause.actor.accountId : ''}`,
        key: idempotencyKey,
        input,
      },
    });
    return kickboardRow(state);
  },

  async removeKickboard(raw: unknown, cause: Cause): Promise<KickboardRow> {
    const input = removeKickboard.parse(raw);
    const { kickboardId: key } = input;
    return kickboardRow((await kernel.execute({ aggregate: kickboard, store: byId, key, input, decide: decideRemove, cause })).state);
  },

  async rentKickboard(raw: unknown, cause: Cause): Promise<RentalRow> {
    const { idempotencyKey, ...input } = rentKickboard.parse(raw);
    const asking = { scope: `rentKickboard by ${requireUser(cause.actor).accountId}`, key: idempotencyKey };
    const rentalId = kernel.newId();
    const ticketOwner = (await heard.find(input.ticketId))?.accountId ?? null;
    const { state } = await kernel.execute({
      aggregate: ride,
      store: rides({ ...input, rentalId }),
      key: rentalId,
      input: { ...input, rentalId, ticketOwner },
      decide: decideClaim,
      cause,
      alongside: () => ({ open: [renting.redeem(rentalId, asking)] }),
      idempotency: { ...asking, input },
    });
    return shown(state.rental?.status === 'CLAIMED' ? await renting.attempt(state.rental, asking, cause) : state.rental);
  },

  async returnKickboard(raw: unknown, cause: Cause): Promise<RentalRow> {
    const input = returnKickboard.parse(raw);
    const { rentalId: key } = input;
    return shown((await kernel.execute({ aggregate: ride, store: rides(), key, input, decide: decideReturn, cause })).state.rental);
  },

  /** Keeps what tickets tell, for when they are away. */
  async hearOfTicket(input: HeardTicket, cause: Cause): Promise<void> {
    await kernel.commit(cause, { writes: [heard.hear(input)] });
  },
});
