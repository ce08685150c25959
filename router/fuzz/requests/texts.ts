import type { Random } from '../random.ts';

/** What real clients send; what is sent is made from it. */
const DOCUMENTS = [
  '{ orders { id status book { title } customer { name } } }',
  'query One($id: ID!) { order(id: $id) { id status book { id title } } }',
  'query Two { a: order(id: "1") { ...Parts } b: order(id: "2") { ...Parts } } fragment Parts on Order { id customer { name } }',
  'mutation Place($input: PlaceOrder!) { placeOrder(input: $input) { id book { title } } }',
  'subscription Changes($id: ID, $after: String) { orderChanged(id: $id, after: $after) { status cursor order { book { title } } } }',
  'query If($yes: Boolean! = true) { orders @include(if: $yes) { id ... on Order @skip(if: $yes) { status } } }',
  'query Schema { __schema { types { name fields { name type { name kind ofType { name } } } } } }',
  '{ __typename refused(field: "name") trail who }',
  '{ customer { __typename id name } }',
];

export const VALUES: readonly unknown[] = [
  ...[null, true, false, 0, -1, 1.5, 1e308, 2 ** 53, '', 'x', '1', [], {}, [[]], [null], { id: '1' }, { input: {} }],
  ...[
    '\u0000',
    '\ud800',
    '\u202e',
    '🛴',
    '가나다',
    '\r\nset-cookie: a=b',
    "' OR 1=1 --",
    '$' + '{7*7}',
    '../../etc/passwd',
    'x'.repeat(5_000),
  ],
  { bookId: '1' },
  { bookId: 1e21 },
  { bookId: { a: [] } },
  { toString: 1, constructor: { prototype: 1 }, hasOwnProperty: null },
];

const TOKENS = ['{', '}', '(', ')', '[', ']', '...', '@', '$', ':', '!', '|', '&', '"', '"""', '#', ',', '\ufeff', '\u0000', '\\u{', '🛴'];
const NAMES = [
  '__proto__',
  'constructor',
  'toString',
  '_entities',
  '_service',
  '__schema',
  '__type',
  'Query',
  'orders',
  'id',
  'on',
  'fragment',
];
const nested = (before: string, inside: string, after: string, times: number): string =>
  before.repeat(times) + inside + after.repeat(times);

/** A document that its author did not mean. */
export function documentOf(random: Random): string {
  const text = random.of(DOCUMENTS);
  const at = random.integer(text.length);
  const to = Math.min(text.length, at + random.integer(20));
  const many = random.of([2, 30, 400, 3_000]);
  switch (random.integer(14)) {
    case 0:
      return text.slice(0, at);
    case 1:
      return text.slice(0, at) + random.of(TOKENS) + text.slice(at);
    case 2:
      return text.slice(0, at) + text.slice(to);
    case 3:
      return text.slice(0, to) + text.slice(at);
    case 4:
      return text.replace(/\b[a-z]\w*\b/i, random.of(NAMES));
    case 5:
      return nested('{ ...', '{ __typename }', ' }', many);
    case 6:
      return `{ ${Array.from({ length: many }, (_, n) => `a${n}: order(id: "${n % 3}") { id }`).join(' ')} }`;
    case 7:
      return `{ order(id: ${nested('[', '1', ']', many)}) { id } }`;
    case 8:
      return `{ ...A } fragment A on Query { ...B } fragment B on Query { ...A orders { id } }`;
    case 9:
      return `{ orders ${random.of(['@skip', '@include(if: 1)', '@include(if: $no)', '@deprecated', '@key(fields: "id")'])} { id } }`;
    case 10:
      return `query ${'x'.repeat(many)}($a: ${nested('[', 'ID', ']', many)}) { order(id: $a) { id } }`;
    case 11:
      return `{ order(id: ${random.of(['1e999', '-0', '"""', '"\\uD800"', '"\\u{110000}"', '{a:{b:[$x]}}', 'null', 'ENUM', '"\\n"'])}) { id } }`;
    case 12:
      return random.of([
        '{ _entities(representations: [{ __typename: "Order", id: "1" }]) { __typename } }',
        '{ _service { sdl } }',
        '{ orders { secret } }',
        '{ orders { id { x } } }',
        'subscription { orderChanged { status } other }',
      ]);
    default:
      return text;
  }
}

/** A body that may have anything where something else belongs. */
export function bodyOf(random: Random): string {
  const value = () => random.of(VALUES);
  const body: Record<string, unknown> = { query: documentOf(random), variables: { id: '1', input: { bookId: 'b' } } };
  switch (random.integer(16)) {
    case 0:
      body.query = value();
      break;
    case 1:
      body.variables = value();
      break;
    case 2:
      body.operationName = value();
      break;
    case 3:
      body.extensions = value();
      break;
    case 4:
      body.extensions = { persistedQuery: random.of([value(), { version: 1, sha256Hash: 'a'.repeat(64) }, { version: 1 }]) };
      if (random.once(2)) delete body.query;
      break;
    case 5:
    case 6:
      body.variables = { id: value(), input: value(), after: value(), yes: value() };
      break;
    case 7:
      return JSON.stringify(random.of([[body], [body, body, body], value()]));
    case 8:
      return JSON.stringify(body).replace('"1"', random.of(['1e999', '-', '01', '"\\ud800"', 'NaN', '99999999999999999999', '"\\x"']));
    case 9:
      return `{"query":"{ orders { id } }","variables":${nested('[', '1', ']', random.of([10, 1_000, 100_000]))}}`;
    case 10:
      return `{"query":"query ($id: ID!) { order(id: $id) { id } }","variables":{"id":${nested('{"a":', '1', '}', random.of([10, 1_000, 50_000]))}}}`;
    case 11:
      return '{"__proto__":{"query":"{ orders { id } }"},"constructor":{"prototype":{}},"query":"{ orders { id } }","variables":{"__proto__":{"id":1}}}';
    case 12: {
      const text = JSON.stringify(body);
      return text.slice(0, random.integer(text.length));
    }
  }
  return JSON.stringify(body);
}

/** Bytes of which some are others, gone, or there twice. */
export function bytesOf(random: Random, text: string): Buffer {
  const bytes = Buffer.from(text);
  for (let times = 1 + random.integer(4); times > 0 && bytes.length > 0; times--) bytes[random.integer(bytes.length)] = random.integer(256);
  const from = random.integer(bytes.length + 1);
  return random.of([bytes, bytes.subarray(0, from), Buffer.concat([bytes, bytes.subarray(from)]), bytes.subarray(from)]);
}
