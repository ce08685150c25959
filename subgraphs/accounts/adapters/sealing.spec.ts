import { describe, expect, it } from 'vitest';
import { derivedKey, keyedHash, seal, unseal } from './sealing.ts';

const key = derivedKey('a secret of at least 32 characters', 'a test');
const plain = Buffer.from('a private key');

describe('sealing', () => {
  it('is undone with the same key and label', () => {
    const sealed = seal(key, plain, 'label');
    expect(sealed.includes(plain)).toBe(false);
    expect(unseal(key, sealed, 'label')).toEqual(plain);
  });

  it('is not undone with another key or label, or when it was changed', () => {
    const sealed = seal(key, plain, 'label');
    expect(unseal(derivedKey('another secret of 32 characters ok', 'a test'), sealed, 'label')).toBeNull();
    expect(unseal(derivedKey('a secret of at least 32 characters', 'another use'), sealed, 'label')).toBeNull();
    expect(unseal(key, sealed, 'other')).toBeNull();
    sealed[sealed.length - 1] = (sealed.at(-1) ?? 0) ^ 1;
    expect(unseal(key, sealed, 'label')).toBeNull();
  });

  it('is different every time', () => {
    expect(seal(key, plain, 'label')).not.toEqual(seal(key, plain, 'label'));
  });

  it('hashes the same to the same, for who has the key', () => {
    expect(keyedHash(key, 'a@b.kr')).toEqual(keyedHash(key, 'a@b.kr'));
    expect(keyedHash(key, 'a@b.kr')).not.toEqual(keyedHash(derivedKey('x', 'y'), 'a@b.kr'));
  });
});
