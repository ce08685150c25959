/** Something may be another than it was. */
export interface Change {
  readonly subgraph: string;
  /** An event's aggregate, kebab-case; or the name of a type. */
  readonly what: { readonly aggregate: string } | { readonly type: string };
  /** The id of what changed; undefined: any of them. */
  readonly key: string | undefined;
}

/** Who keeps what may change. */
export interface Listener {
  /** The subgraphs that it keeps something of. */
  readonly subgraphs: readonly string[];
  changed(change: Change): void;
  /** Whether changes are heard of from now on; at first they are not. */
  hearing(on: boolean): void;
}

/** What is heard of changes that others make. */
export interface Changes {
  /** Whether changes that the router does not make itself are heard of at all. */
  readonly heardOf: boolean;
  /** @returns leaves */
  join(listener: Listener): () => void;
  /** Tells the other routers. */
  tell(change: Change): void;
  close(): void;
}

/** For a router without a broker: it knows of no changes but its own. */
export const ownChanges: Changes = {
  heardOf: false,
  join(listener) {
    listener.hearing(true);
    return () => undefined;
  },
  tell: () => undefined,
  close: () => undefined,
};
