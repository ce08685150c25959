import { expect } from 'vitest';
import type { Answer } from '../harness/client.ts';
import {
  type Kickboard,
  purchasePatiently,
  type Rental,
  readKickboard,
  registerMany,
  ticketOutcomes,
  tryToRent,
} from '../harness/kickboards.ts';
import type { Person } from '../harness/people.ts';
import { untilQuiet } from '../harness/quiet.ts';
import type { System } from '../harness/system.ts';
import { sideBySide, upTo } from '../harness/until.ts';

const FIFTY = 50;

interface Held {
  readonly person: Person;
  readonly ticketId: string;
}

/** What two races are run with: one ticket and fifty kickboards; one kickboard and fifty tickets. */
export interface Races {
  readonly racer: Held;
  readonly boards: readonly Kickboard[];
  readonly board: Kickboard;
  readonly held: readonly Held[];
}

const hold = async (person: Person): Promise<Held> => ({ person, ticketId: (await purchasePatiently(person)).id });

export async function prepareRaces(admin: Person, people: readonly Person[]): Promise<Races> {
  const [board, ...boards] = (await registerMany(admin, FIFTY + 1)) as [Kickboard, ...Kickboard[]];
  const held = await sideBySide(upTo(FIFTY), 4, (index) => hold(people[index % people.length] as Person));
  return { racer: await hold(people[0] as Person), boards, board, held };
}

/** The one that has won; all others were told why they have not. */
function winnerOf(answers: readonly Answer<{ rentKickboard: Rental }>[], code: string): { rental: Rental; at: number } {
  const won = answers.flatMap(({ data }, at) => (data ? { rental: data.rentKickboard, at } : []));
  const lost = answers.flatMap(({ errors }) => errors?.map(({ extensions }) => extensions.code) ?? []);
  expect({ won: won.length, lost }).toEqual({ won: 1, lost: Array(FIFTY - 1).fill(code) });
  return won[0] as { rental: Rental; at: number };
}

/** Fifty rents with one ticket: one wins, and the kickboards of the others are free. */
export async function fiftyWithOneTicket({ racer, boards }: Races): Promise<Rental> {
  const answers = await Promise.all(boards.map(({ id }) => tryToRent(racer.person, id, racer.ticketId)));
  const { rental, at } = winnerOf(answers, 'TICKET_USED');
  expect(rental.kickboard.id).toBe(boards[at]?.id);
  const now = await sideBySide(boards, 8, ({ id }) => readKickboard(racer.person, id));
  expect(now.map(({ status }) => status)).toEqual(boards.map((_, index) => (index === at ? 'RENTED' : 'AVAILABLE')));
  return rental;
}

/** Fifty rents of one kickboard, with a ticket each: one wins. Tells whose ticket it was. */
export async function fiftyOfOneKickboard({ board, held }: Races): Promise<string> {
  const answers = await Promise.all(held.map(({ person, ticketId }) => tryToRent(person, board.id, ticketId)));
  return held[winnerOf(answers, 'KICKBOARD_RENTED').at]?.ticketId ?? '';
}

/** When all is quiet, the winners' tickets are used, each for one rental, and the losers' are AVAILABLE. */
export async function expectOneWinnerEach(system: System, { racer, held }: Races, winner: string): Promise<void> {
  await untilQuiet(system);
  const tickets = [racer, ...held].map(({ ticketId }) => ticketId);
  expect(await ticketOutcomes(system, tickets)).toEqual(
    tickets.map((id) => ({ id, is: [racer.ticketId, winner].includes(id) ? 'USED RENTED REDEEMED' : 'AVAILABLE' })),
  );
}
