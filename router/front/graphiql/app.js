/* global React, ReactDOM, GraphiQL, graphqlWs, madangExamples */
const endpoint = '/graphql';
const socketUrl = `${location.origin.replace(/^http/, 'ws')}${endpoint}`;

const isSubscription = ({ operationName }, { documentAST } = {}) =>
  (documentAST?.definitions ?? []).some(
    ({ kind, operation, name }) =>
      kind === 'OperationDefinition' && operation === 'subscription' && (!operationName || name?.value === operationName),
  );

/** A client per subscription, since the token is told when a connection begins. */
function overSocket(payload, headers) {
  const client = graphqlWs.createClient({ url: socketUrl, connectionParams: headers, retryAttempts: 0 });
  const events = client.iterate(payload);
  const { next } = events;
  events.next = () =>
    next.call(events).catch((error) => {
      throw error instanceof CloseEvent ? new Error(`${error.code} ${error.reason || 'The connection was lost.'}`) : error;
    });
  return events;
}

async function overHttp(payload, headers) {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json, application/json', ...headers },
    body: JSON.stringify(payload),
  });
  return response.json();
}

const fetcher = (payload, options) => {
  const headers = options?.headers ?? {};
  return isSubscription(payload, options) ? overSocket(payload, headers) : overHttp(payload, headers);
};

ReactDOM.createRoot(document.getElementById('graphiql')).render(
  React.createElement(GraphiQL, {
    fetcher,
    defaultTabs: madangExamples,
    defaultHeaders: '{}',
    isHeadersEditorEnabled: true,
    shouldPersistHeaders: true,
    defaultEditorToolsVisibility: 'headers',
    inputValueDeprecation: true,
  }),
);
