import { describe, expect, it } from 'vitest';
import { isRotationDue, publishedKeys, signingKey } from './signing-keys.ts';

const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute));
const key = (generation: number, minute: number) => ({ generation, signsFrom: at(minute) });
const MINUTE = 60_000;
const keys = [key(1, 0), key(2, 60)];

describe('signing keys', () => {
  it('sign from their time until the next one does', () => {
    expect(signingKey([], at(0))).toBeUndefined();
    expect([at(59), at(60)].map((now) => signingKey(keys, now)?.generation)).toEqual([1, 2]);
  });

  it('are published before they sign, and until their tokens are over', () => {
    const generations = (minute: number) => publishedKeys(keys, at(minute), 17 * MINUTE).map(({ generation }) => generation);
    expect([55, 60, 76, 77].map(generations)).toEqual([[1, 2], [1, 2], [1, 2], [2]]);
  });

  it('are due for the next one when the latest has had its turn', () => {
    expect(isRotationDue([], at(0), 90 * MINUTE)).toBe(true);
    expect([149, 150].map((minute) => isRotationDue(keys, at(minute), 90 * MINUTE))).toEqual([false, true]);
  });
});
