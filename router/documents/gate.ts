import { createHash } from 'node:crypto';
import { type DocumentNode, GraphQLError, type GraphQLSchema, parse, specifiedRules, validate } from 'graphql';
import type { Logger } from 'pino';
import type { DocumentSettings } from '../settings/documents.ts';
import { examine } from './examine.ts';
import { beyond, refusal } from './refusals.ts';
import { operationOf, type Safelist } from './safelist.ts';

/** What a document has to pass before it is planned; once, as what comes of it is remembered. */
export interface Gate {
  /** Reads a text; places in it are not kept. @throws GraphQLError what is wrong with it, with its code */
  read(query: string): DocumentNode;
  /** What speaks against a document, before anything is done with it. */
  examine(document: DocumentNode, operationName: string | undefined): GraphQLError | undefined;
  /** What is wrong with it by the schema: not all of it. */
  validate(schema: GraphQLSchema, document: DocumentNode): readonly GraphQLError[];
  /** Whether it is let in although it is not in the safelist. */
  isUnlisted(document: DocumentNode, operationName: string | undefined, query: string): boolean;
}

const TOO_MANY_TOKENS = /more tha[nt] \d+ tokens/;

/** @param tokens how many a document may have */
export function gate(settings: DocumentSettings, tokens: number, known: Safelist | undefined, log: Logger): Gate {
  const { documentCharacters, safelistMode, validationErrors } = settings;
  const hideSuggestions = settings.suggestions === 'off';

  return {
    read(query) {
      if (query.length > documentCharacters)
        throw beyond('DOCUMENT_TOO_LARGE', 'Characters of the document', documentCharacters, query.length);
      try {
        return parse(query, { maxTokens: tokens, noLocation: true });
      } catch (error) {
        // The parser calls itself for every level.
        if (error instanceof RangeError)
          throw refusal('DOCUMENT_TOO_DEEP', 'The document has too many levels.', { limit: settings.documentDepth });
        if (error instanceof GraphQLError && TOO_MANY_TOKENS.test(error.message))
          throw refusal('TOO_MANY_TOKENS', `The document has more than the ${tokens} tokens that are allowed.`, { limit: tokens });
        throw error;
      }
    },

    examine(document, operationName) {
      const problem = examine(document, settings);
      if (problem || safelistMode !== 'enforce' || known?.has(document, operationName)) return problem;
      return refusal('PERSISTED_OPERATION_REQUIRED', 'Only known operations are carried out here, and this is none of them.');
    },

    validate: (schema, document) => validate(schema, document, specifiedRules, { maxErrors: validationErrors, hideSuggestions }),

    isUnlisted(document, operationName, query) {
      if (safelistMode !== 'log' || known?.has(document, operationName)) return false;
      const operation = operationOf(document, operationName);
      const sha256 = createHash('sha256').update(query).digest('hex');
      log.warn({ operation: operation?.name?.value, type: operation?.operation, sha256 }, 'an operation is not in the safelist');
      return true;
    },
  };
}

/** For documents of the router's own. */
export const unguarded: Gate = {
  read: (query) => parse(query, { noLocation: true }),
  examine: () => undefined,
  validate,
  isUnlisted: () => false,
};
