import { GraphQLError } from 'graphql';

/** What a client is answered with besides the error. */
interface Http {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request that is refused as a whole, with its HTTP status and headers. */
export const badRequest = (message: string, { status = 400, headers }: Partial<Http> = {}, code = 'BAD_REQUEST'): GraphQLError =>
  new GraphQLError(message, { extensions: { code, http: { status, ...(headers ? { headers } : {}) } satisfies Http } });

/** Several operations in one request, where that is not offered. */
export const batchingDisabled = (): GraphQLError => badRequest('Batches are off here: send one operation.', {}, 'BATCHING_DISABLED');

/** The HTTP status and headers that an error asks for, if it does. */
export const httpOf = ({ extensions }: GraphQLError): Http | undefined => extensions.http as Http | undefined;
