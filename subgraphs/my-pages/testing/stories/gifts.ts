import { type Happening, story } from '../happenings.ts';

/** What may happen to a gift. */
export const GIFT_STORIES: Readonly<Record<string, Happening[]>> = {
  'exchanged for': story('GiftIssued', 'GiftActivated'),
  used: story('GiftIssued', 'GiftActivated', 'GiftUsed'),
  'issued, and voided': story('GiftIssued', 'GiftVoided'),
  'voided before it was issued': story(['GiftVoided', { issued: false }]),
};
