import type { Base, Repository } from './repository.ts';

/** The checks, in the order in which they are told about; each has a folder of its name. */
export const CHECKS = ['compose', 'compare', 'operations', 'events', 'databases', 'lint'] as const;
export type CheckName = (typeof CHECKS)[number];

/** An error keeps the change out; a warning is told; an info is for the record (a safe change, what was counted). */
export type Severity = 'error' | 'warning' | 'info';

/** A place in a file of the repository; line and column begin at 1. */
export interface Place {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

/** What a check has to say about one thing, in words for whoever made the change. */
export interface Finding {
  readonly check: CheckName;
  /** Kebab-case; every rule is in docs/schema.md. */
  readonly rule: string;
  readonly severity: Severity;
  /** What breaks. One sentence, no full stop needed. */
  readonly message: string;
  /** Whom: the operation, the context, the row. */
  readonly for?: string;
  /** What to do. */
  readonly mend?: string;
  readonly at?: Place;
  /** For what differs from the base: how much that is to those who use it. */
  readonly change?: 'safe' | 'dangerous' | 'breaking';
  /** The entry of schema/accepted-changes.yaml that lets it pass. */
  readonly accepted?: { readonly reason: string; readonly date: string };
}

/**
 * One check over a whole repository. `base` is what the change is compared with; null when there is none (the first commit, a clone without history),
 * and a check that only compares has then nothing to say.
 */
export type Check = (repository: Repository, base: Base | null) => Promise<Finding[]>;
