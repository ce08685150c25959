import { CLEANING_STORIES } from './cleanings.ts';
import { GIFT_STORIES } from './gifts.ts';
import { MISSION_STORIES } from './missions.ts';
import { METHOD_STORIES } from './payment-methods.ts';
import { PT_STORIES } from './pt-orders.ts';
import { TEXTBOOK_STORIES } from './textbooks.ts';
import { TICKET_STORIES } from './tickets.ts';

/** All that may happen, thing by thing. */
export const ALL_STORIES = [
  TEXTBOOK_STORIES,
  METHOD_STORIES,
  CLEANING_STORIES,
  TICKET_STORIES,
  PT_STORIES,
  MISSION_STORIES,
  GIFT_STORIES,
].flatMap((stories) => Object.values(stories));
