import type { Subgraph } from './world/world.ts';

/** What every gateway program is told, as its only argument. */
export interface GatewayArgument {
  readonly port: number;
  readonly supergraphFile: string;
  readonly subgraphs: Readonly<Record<Subgraph, string>>;
  /** The subgraphs' own SDL, for a gateway that composes by itself. */
  readonly sdl: Readonly<Record<Subgraph, string>>;
  /** The issuer of the tokens that clients send. Only the router checks them. */
  readonly jwksUrl: string;
}

/** One contestant. */
export interface Gateway {
  readonly name: string;
  /** As the report has it; versions are added. */
  readonly title: string;
  readonly ours: boolean;
  /** The folder in `peers/` that it is installed from; none: the repository itself. */
  readonly peer?: string;
  /** More of the argument. */
  readonly options: Readonly<Record<string, string>>;
  /** Packages whose versions the report names. */
  readonly packages: readonly string[];
  /** Whether it can do federated subscriptions over graphql-transport-ws. */
  readonly subscriptions: boolean;
}

/** What users of such gateways have: the others are told beside it. */
export const REFERENCE = 'apollo';

export const gateways: readonly Gateway[] = [
  { name: 'madang', title: 'Madang', ours: true, options: { front: 'own' }, packages: [], subscriptions: true },
  {
    name: 'madang-apollo',
    title: 'Madang behind Apollo Server',
    ours: true,
    options: { front: 'apollo' },
    packages: [],
    subscriptions: false,
  },
  {
    name: 'apollo',
    title: '@apollo/gateway',
    ours: false,
    peer: 'apollo',
    options: {},
    packages: ['@apollo/gateway', '@apollo/server'],
    subscriptions: false,
  },
  {
    name: 'hive',
    title: 'Hive Gateway',
    ours: false,
    peer: 'hive',
    options: { runtime: 'js' },
    packages: ['@graphql-hive/gateway'],
    subscriptions: true,
  },
  {
    name: 'hive-rust',
    title: 'Hive Gateway, Rust planner',
    ours: false,
    peer: 'hive',
    options: { runtime: 'rust' },
    packages: ['@graphql-hive/gateway', '@graphql-hive/router-runtime'],
    subscriptions: true,
  },
  {
    name: 'mercurius',
    title: 'Mercurius',
    ours: false,
    peer: 'mercurius',
    options: {},
    packages: ['@mercuriusjs/gateway', 'mercurius'],
    subscriptions: true,
  },
];
