import { expect, it } from 'vitest';
import { inSeoul } from './seoul.ts';

it('shows an instant with the clock of Seoul, and is still that instant', () => {
  const at = new Date('2026-11-24T18:30:00Z');
  expect(inSeoul(at)).toBe('2026-11-25T03:30:00+09:00');
  expect(new Date(inSeoul(at))).toEqual(at);
});
