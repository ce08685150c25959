/** With the value `ftv1` it asks for federated tracing. */
export const TRACE_HEADER = 'apollo-federation-include-trace';
