import { Refused } from '@madang/kernel/domain';
import { describe, expect, it } from 'vitest';
import { schemes } from './password-schemes.ts';
import { hashedPasswords } from './passwords.ts';

const cost = { argon2MemoryKib: 64, argon2Passes: 1, scryptLogN: 5 };
const bounds = { atOnce: 2, waiting: 8 };

describe.each(schemes)('passwords hashed with $name', (scheme) => {
  const passwords = hashedPasswords({ cost, ...bounds, scheme });

  it('match what they were made of, and nothing else', async () => {
    const hash = await passwords.hash('correct horse');
    expect(await passwords.match('correct horse', hash)).toBe(true);
    expect(await passwords.match('Correct horse', hash)).toBe(false);
  });

  it('carry their parameters, and a salt of their own', async () => {
    const [one, two] = await Promise.all([passwords.hash('same'), passwords.hash('same')]);
    expect(one).toContain(`$${scheme.parameters(cost)}$`);
    expect(one).not.toBe(two);
  });

  it('are checked with the parameters that they were made by, and known as outdated by others', async () => {
    const dearer = hashedPasswords({ cost: { argon2MemoryKib: 128, argon2Passes: 2, scryptLogN: 6 }, ...bounds, scheme });
    const hash = await passwords.hash('correct horse');
    expect(await dearer.match('correct horse', hash)).toBe(true);
    expect([passwords.outdated(hash), dearer.outdated(hash)]).toEqual([false, true]);
  });
});

describe('passwords', () => {
  it('are hashed with argon2id where Node has it', async () => {
    const hash = await hashedPasswords({ cost, ...bounds }).hash('x');
    expect(hash.startsWith('argon2' in (await import('node:crypto')) ? '$argon2id$v=19$m=64,t=1,p=1$' : '$scrypt$')).toBe(true);
  });

  it('of nobody never match', async () => {
    expect(await hashedPasswords({ cost, ...bounds }).match('x', undefined)).toBe(false);
  });

  it('are as much work for nobody as for somebody', async () => {
    const passwords = hashedPasswords({ cost: { ...cost, argon2MemoryKib: 8_192, scryptLogN: 13 }, ...bounds });
    const hash = await passwords.hash('x');
    // The work that it is, in all threads: how long that takes depends on who else is at work.
    const work = async (against: string | undefined) => {
      const before = process.cpuUsage();
      await passwords.match('y', against);
      const { user, system } = process.cpuUsage(before);
      return user + system;
    };
    const least = async (against: string | undefined) => {
      const all: number[] = [];
      for (let n = 0; n < 7; n++) all.push(await work(against));
      return Math.min(...all);
    };
    const [somebody, nobody] = [await least(hash), await least(undefined)];
    expect(nobody).toBeGreaterThan(somebody / 2);
    expect(nobody).toBeLessThan(somebody * 2);
  });

  it('are hashed a few at a time; who would wait too long is told so', async () => {
    const passwords = hashedPasswords({ cost, atOnce: 1, waiting: 1 });
    const all = await Promise.allSettled([passwords.hash('a'), passwords.hash('b'), passwords.hash('c')]);
    expect(all.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    const { reason } = all[2] as PromiseRejectedResult;
    expect(reason).toBeInstanceOf(Refused);
    expect([reason.code, reason.details.retryAfterSeconds]).toEqual(['TRY_AGAIN_LATER', 1]);
  });
});
