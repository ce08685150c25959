import { createHash } from 'node:crypto';

/** Ten digits that nothing else has: whoever keeps a number, or most of it, keeps them. */
const BEGINNING = '9764318205';
/** Of the sandbox processor, for what it is to do; used here, too, and no less secret. */
const TEST_NUMBERS = ['4242424242424242', '4000000000000002', '4000000000000127', '5555555555554444'];

const made: string[] = [];

function checkDigit(digits: string): number {
  const sum = [...digits].reverse().reduce((total, digit, at) => {
    const value = Number(digit) * (at % 2 === 0 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return (10 - (sum % 10)) % 10;
}

/** A card number that is nobody's, and good. */
export function newCardNumber(): string {
  const digits = BEGINNING + String(10_000 + made.length * 7).padStart(5, '0');
  made.push(digits + checkDigit(digits));
  return made.at(-1) as string;
}

/** The same with one digit mistyped. */
export function mistyped(number: string): string {
  const wrong = number.slice(0, -1) + ((Number(number.at(-1)) + 1) % 10);
  made.push(wrong);
  return wrong;
}

const inFours = (digits: string, between: string) => (digits.match(/.{1,4}/g) ?? []).join(between);
export const withSpaces = (number: string) => inFours(number, ' ');
export const withDashes = (number: string) => inFours(number, '-');

/** What base64 makes of these digits, wherever in a longer text they are: without the characters that their neighbours have a part in. */
const base64Of = (digits: string) =>
  [0, 1, 2].map((before) => {
    const text = Buffer.from('x'.repeat(before) + digits);
    return text
      .subarray(0, text.length - (text.length % 3))
      .toString('base64')
      .slice(before === 0 ? 0 : 4);
  });

/** All forms in which a number could be found somewhere. */
export const formsInTheClear = (): string[] =>
  [BEGINNING, ...TEST_NUMBERS].flatMap((digits) => [digits, withSpaces(digits), withDashes(digits), ...base64Of(digits)]);

/** Digests without a key of the numbers that are in a text: there are so few numbers that a digest tells them, too. */
export function digestsIn(text: string): string[] {
  const digests = new Set(
    [...made, ...TEST_NUMBERS].flatMap((number) =>
      ['md5', 'sha1', 'sha256', 'sha512'].flatMap((algorithm) =>
        (['hex', 'base64', 'base64url'] as const).map((as) => createHash(algorithm).update(number).digest(as).replace(/=+$/, '')),
      ),
    ),
  );
  return (text.match(/[\w+/-]{22,}/g) ?? []).filter((word) => digests.has(word));
}
