import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type RepositoryCopy, told } from '../testing/repository-copy.ts';
import { generated, ORDERS, PAYMENTS, shop, verdict } from '../testing/shop.ts';

let copy: RepositoryCopy;
beforeEach(() => {
  copy = shop();
});
afterEach(() => copy.remove());

const changed = (file: string, text: string, by: string) => generated(copy.replace(file, text, by));
const words = async () => (await verdict(copy, 'compare')).map(told);

const MY_ORDER = 'query MyOrder (schema/operations/orders.graphql)';
const PLACE = 'mutation Place (e2e/orders.ts:2)';

describe('a change that breaks a known operation is an error, and names the operation', () => {
  test.each([
    [
      'a removed field',
      '  "How much of it."\n  quantity: Int!\n  "What it says',
      '  "What it says',
      `field-removed: Field 'quantity' was removed from object type 'Order' [${MY_ORDER}; ${PLACE}] (${ORDERS}:14)`,
    ],
    [
      'a field of another type',
      '  quantity: Int!\n  "What it says',
      '  quantity: String!\n  "What it says',
      `field-type-changed: Field 'Order.quantity' changed type from 'Int!' to 'String!' [${MY_ORDER}; ${PLACE}] (${ORDERS}:18)`,
    ],
    [
      'a field that may be null now',
      '  quantity: Int!\n  "What it says',
      '  quantity: Int\n  "What it says',
      `field-type-changed: Field 'Order.quantity' changed type from 'Int!' to 'Int' [${MY_ORDER}; ${PLACE}] (${ORDERS}:18)`,
    ],
    [
      'a required argument',
      'order("Which." id: ID!)',
      'order("Which." id: ID!, "Whose." of: ID!)',
      `field-argument-added: Argument 'of: ID!' added to field 'Query.order' [${MY_ORDER}] (${ORDERS}:5)`,
    ],
    [
      'a removed argument',
      'order("Which." id: ID!)',
      'order',
      `field-argument-removed: Argument 'id: ID!' was removed from field 'Query.order' [${MY_ORDER}] (${ORDERS}:5)`,
    ],
    [
      'a required field of an input',
      '  "What to write on it."\n  label: String\n',
      '  "What to write on it."\n  label: String\n  "For whom."\n  to: ID!\n',
      `input-field-added: Input field 'to' of type 'ID!' was added to input object type 'PlaceOrderInput' [${PLACE}] (${ORDERS}:48)`,
    ],
    [
      'a removed field of an input, which a variable may hold',
      '  "What to write on it."\n  label: String\n',
      '',
      `input-field-removed: Input field 'label' was removed from input object type 'PlaceOrderInput' [${PLACE}] (${ORDERS}:42)`,
    ],
    [
      'a removed value of an enum',
      '  "It is there."\n  DELIVERED\n',
      '',
      `enum-value-removed: Enum value 'DELIVERED' was removed from enum 'OrderStatus' [${MY_ORDER}] (${ORDERS}:28)`,
    ],
  ])('%s', async (_what, text, by, said) => {
    changed(ORDERS, text, by);
    expect(await words()).toEqual([`error ${said}`]);
  });
});

test('a breaking change that no known operation uses passes, and is told as one', async () => {
  changed(ORDERS, '  "What it says on the label."\n  label: String\n', '');
  const findings = await verdict(copy, 'compare');
  expect(findings).toMatchObject([{ severity: 'info', change: 'breaking', rule: 'field-removed', for: 'no known operation uses it' }]);
});

test('a new value of an enum that is answered is dangerous; a new field is safe', async () => {
  changed(ORDERS, '  "It is there."\n  DELIVERED\n', '  "It is there."\n  DELIVERED\n  "It is lost."\n  LOST\n');
  changed(ORDERS, '  "What it says on', '  "For whom."\n  to: ID\n  "What it says on');
  const findings = await verdict(copy, 'compare');
  expect(findings.map(({ severity, change, rule }) => [severity, change, rule])).toEqual([
    ['info', 'safe', 'field-added'],
    ['warning', 'dangerous', 'enum-value-added'],
  ]);
});

test('what may be given and need not be is safe', async () => {
  changed(ORDERS, 'order("Which." id: ID!)', 'order("Which." id: ID!, "Whose." of: ID)');
  changed(ORDERS, '  "What to write on it."', '  "For whom."\n  to: ID\n  "What to write on it."');
  expect((await verdict(copy, 'compare')).map(({ change, rule }) => [change, rule])).toEqual([
    ['safe', 'input-field-added'],
    ['safe', 'field-argument-added'],
  ]);
});

test('a deprecation is safe', async () => {
  changed(
    ORDERS,
    '  quantity: Int!\n  "What it says',
    '  quantity: Int! @deprecated(reason: "Use pieces instead. (2026-11-20)")\n  "What it says',
  );
  expect((await verdict(copy, 'compare')).map(({ change, rule }) => [change, rule])).toEqual([['safe', 'field-deprecation-added']]);
});

test('an operation that is taken out together with its field is still sent by released clients', async () => {
  copy.delete('schema/operations/orders.graphql');
  changed(ORDERS, '  "Where it stands."\n  status: OrderStatus!\n', '');
  expect(await words()).toEqual([
    expect.stringContaining(`error field-removed: Field 'status' was removed from object type 'Order' [${MY_ORDER}]`),
  ]);
});

describe('who may ask', () => {
  beforeEach(() => {
    copy.replace(ORDERS, 'import: ["@key"]', 'import: ["@key", "@authenticated", "@requiresScopes"]');
    changed(ORDERS, '  quantity: Int!\n  "What it says', '  quantity: Int! @authenticated\n  "What it says').commit();
  });
  const guarded = (by: string) => changed(ORDERS, 'order("Which." id: ID!): Order', `order("Which." id: ID!): Order ${by}`);

  test('a field that fewer may ask for breaks who asks for it', async () => {
    guarded('@authenticated');
    expect(await words()).toEqual([
      `error field-guarded: Field 'Query.order' needs @authenticated instead of nothing [${MY_ORDER}] (${ORDERS}:5)`,
    ]);
  });

  test('a field that nobody is known to ask for may be guarded', async () => {
    changed(ORDERS, '  label: String\n  "Where', '  label: String @authenticated\n  "Where');
    expect(await verdict(copy, 'compare')).toMatchObject([{ rule: 'field-guarded', severity: 'info', change: 'breaking' }]);
  });

  test('a field that more may ask for is safe', async () => {
    guarded('@requiresScopes(scopes: [["role:ADMIN"]])').commit();
    changed(ORDERS, '[["role:ADMIN"]]', '[["role:ADMIN"], ["role:MANAGER"]]');
    expect((await verdict(copy, 'compare')).map(({ change, rule }) => [change, rule])).toEqual([['safe', 'field-opened']]);
  });
});

test('what no client sees and a context calls is compared too', async () => {
  changed(PAYMENTS, 'receipt: String @inaccessible', 'receipt: Int @inaccessible');
  expect(await words()).toEqual([
    `error field-type-changed: payments, inside: Field 'Payment.receipt' changed type from 'String' to 'Int' [mutation Charge (subgraphs/orders/adapters/payments.graphql)] (${PAYMENTS}:20)`,
  ]);
});

test('a call that is changed together with the callee is still sent by the callers that are released', async () => {
  copy.replace('subgraphs/orders/adapters/payments.graphql', 'charge(input', 'chargeOnce(input');
  changed(PAYMENTS, 'charge("Whom', 'chargeOnce("Whom');
  expect(await words()).toEqual([
    `error field-removed: payments, inside: Field 'charge' was removed from object type 'Mutation' [mutation Charge (subgraphs/orders/adapters/payments.graphql)] (${PAYMENTS}:8)`,
  ]);
});

test('what no client sees and nobody calls is nobody’s business', async () => {
  changed(PAYMENTS, '  "What the processor calls it."', '  "Its hour."\n  at: String @inaccessible\n  "What the processor calls it."');
  expect(await words()).toEqual([]);
});

describe('schema/accepted-changes.yaml', () => {
  const CHANGE = "Field 'quantity' was removed from object type 'Order'";
  const accept = (more = '') =>
    copy.put(
      'schema/accepted-changes.yaml',
      `- change: "${CHANGE}"\n  reason: nobody ever showed it, says the app's team\n  date: 2026-11-20\n${more}`,
    );
  const remove = () => changed(ORDERS, '  "How much of it."\n  quantity: Int!\n  "What it says', '  "What it says');

  test('lets a breaking change pass that it covers, with the reason', async () => {
    remove();
    accept();
    expect(await verdict(copy, 'compare')).toMatchObject([
      { severity: 'info', change: 'breaking', accepted: { date: '2026-11-20', reason: "nobody ever showed it, says the app's team" } },
    ]);
  });

  test('does so until its day is over', async () => {
    remove();
    accept('  until: 2026-01-31\n');
    const [finding] = await verdict(copy, 'compare');
    expect(finding).toMatchObject({ severity: 'error', mend: expect.stringContaining('it was accepted until 2026-01-31') });
  });

  test('with an entry that covers nothing any more is a warning, when all checks have run', async () => {
    accept();
    const findings = await verdict(copy, 'compose', 'compare', 'operations', 'events', 'databases', 'lint');
    expect(findings.map(told)).toContain(
      `warning accepted-covers-nothing: nothing changes as this entry says: “${CHANGE}” (schema/accepted-changes.yaml:1)`,
    );
  });

  test('with an entry without a reason, or a day that is none, is an error with its line', async () => {
    copy.put(
      'schema/accepted-changes.yaml',
      `- change: one\n  reason: because it had to be\n  date: 2026-11-20\n- change: two\n  date: yesterday\n`,
    );
    expect((await words()).slice(0, 2)).toEqual([
      expect.stringMatching(/^error accepted-invalid: reason: .*\(schema\/accepted-changes.yaml:4\)$/),
      'error accepted-invalid: date: write a day as 2026-11-20 (schema/accepted-changes.yaml:4)',
    ]);
  });
});
