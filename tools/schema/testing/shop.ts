import { MANIFEST, persistedOperations } from '../../generate/persisted.ts';
import { readSdl } from '../../generate/sdl.ts';
import { type Composed, compose } from '../../generate/supergraph.ts';
import { contextsWithSdl } from '../../workspace.ts';
import { gitBase } from '../base.ts';
import type { CheckName, Finding } from '../finding.ts';
import { Repository } from '../repository.ts';
import { runChecks } from '../run.ts';
import { RepositoryCopy } from './repository-copy.ts';

export const ORDERS = 'schema/subgraphs/orders.graphql';
export const PAYMENTS = 'schema/subgraphs/payments.graphql';

const ORDERS_SDL = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])

type Query {
  "One order of yours."
  order("Which." id: ID!): Order
}

type Mutation {
  "Orders something. Refused: \`SOLD_OUT\` there is none left."
  placeOrder("What." input: PlaceOrderInput!): Order!
}

"Something that somebody wants."
type Order @key(fields: "id") {
  "Its id."
  id: ID!
  "How much of it."
  quantity: Int!
  "What it says on the label."
  label: String
  "Where it stands."
  status: OrderStatus!
  "What was paid for it."
  payment: Payment
}

"Where an order stands."
enum OrderStatus {
  "It is on its way."
  PLACED
  "It is there."
  DELIVERED
}

"A payment."
type Payment @key(fields: "id", resolvable: false) {
  "Its id."
  id: ID!
}

"What is ordered."
input PlaceOrderInput {
  "How much of it."
  quantity: Int!
  "What to write on it."
  label: String
}
`;

const PAYMENTS_SDL = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@inaccessible"])

type Query {
  "One payment of yours."
  payment("Which." id: ID!): Payment
}

type Mutation {
  "(internal) Charges somebody. Refused: \`DECLINED\` they have nothing."
  charge("Whom, and how much." input: ChargeInput!): Payment! @inaccessible
}

"A payment."
type Payment @key(fields: "id") {
  "Its id."
  id: ID!
  "How much."
  amount: Int!
  "What the processor calls it."
  receipt: String @inaccessible
}

"Whom, and how much."
input ChargeInput @inaccessible {
  "How much."
  amount: Int!
}
`;

/** A tiny repository in which everything is in order: two contexts, one calling the other, and clients' operations. It is its own base. */
export function shop(): RepositoryCopy {
  const copy = new RepositoryCopy()
    .put(ORDERS, ORDERS_SDL)
    .put(PAYMENTS, PAYMENTS_SDL)
    .put('schema/public-fields.yaml', '- Query.order\n- Query.payment\n- Mutation.placeOrder\n')
    .put('schema/operations/orders.graphql', 'query MyOrder($id: ID!) {\n  order(id: $id) {\n    id\n    quantity\n    status\n  }\n}\n')
    .put(
      'subgraphs/orders/adapters/payments.graphql',
      'mutation Charge($input: ChargeInput!) {\n  charge(input: $input) {\n    id\n    receipt\n  }\n}\n',
    )
    .put('e2e/parts.ts', "export const ORDER = 'id quantity';\n")
    .put(
      'e2e/orders.ts',
      `import { ORDER } from './parts.ts';\nexport const PLACE = \`mutation Place($input: PlaceOrderInput!) { placeOrder(input: $input) { \${ORDER} } }\`;\n`,
    );
  generated(copy);
  return copy.commit();
}

/** As `npm run generate` leaves it. @throws when the SDLs do not compose */
export function generated(copy: RepositoryCopy): RepositoryCopy {
  const sdls = [ORDERS, PAYMENTS].map((file) => new Repository(copy.root).read(file)).join();
  const composed = known.get(sdls) ?? compose(contextsWithSdl(copy.root).map((context) => readSdl(context, copy.root)));
  known.set(sdls, composed);
  return copy
    .put('schema/supergraph.graphql', composed.supergraph)
    .put('schema/api.graphql', composed.api)
    .put(MANIFEST, persistedOperations(new Repository(copy.root)));
}

const known = new Map<string, Composed>();

/** What the checks say of it now, compared with how it was made. */
export async function verdict(copy: RepositoryCopy, ...checks: CheckName[]): Promise<Finding[]> {
  return [...(await runChecks(new Repository(copy.root), gitBase(copy.root, 'main'), checks)).findings];
}
