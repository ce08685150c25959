const SECRET = /(?:password|passphrase|token|secret|authorization|cookie|apikey|privatekey|billingkey|cardnumber|accountnumber)$/;
const EXACT = new Set(['number', 'phone', 'cvc', 'cvv', 'pin', 'credentials']);
const DEPTH = 8;

/** What stands in the place of a secret. */
export const CENSORED = '[redacted]';

/** Whether a property's name says that its value must not be logged; case, `-` and `_` do not matter. */
export function isSecret(property: string): boolean {
  const name = property.toLowerCase().replaceAll(/[-_]/g, '');
  return EXACT.has(name) || SECRET.test(name);
}

/** A copy without the values of secret properties, at any depth down to eight; errors are left to the logger's error serializer. */
export function redacted(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Date || value instanceof Error) return value;
  if (depth === DEPTH) return '[too deep]';
  if (Array.isArray(value)) return value.map((item) => redacted(item, depth + 1));
  if (typeof (value as { toJSON?: unknown }).toJSON === 'function') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, isSecret(key) && item != null ? CENSORED : redacted(item, depth + 1)]),
  );
}
