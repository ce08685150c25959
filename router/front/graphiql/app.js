/* global React, ReactDOM, GraphiQL, graphqlWs, madangExamples */
const endpoint = '/graphql';
const socketUrl = `${location.origin.replace(/^http/, 'ws')}${endpoint}`;
const TOKEN = 'madang:accessToken';

/** The operations of a document, read from its text: GraphiQL's own reading lags behind fast typing. */
function operationsIn(query) {
  const text = query.replace(/"""[\s\S]*?"""|"(?:\\.|[^"\\\n])*"|#.*/g, '""');
  let depth = 0;
  return [...text.matchAll(/[{}]|\b(query|mutation|subscription|fragment)\b\s*(\w*)/g)].filter(([token, type]) => {
    if (token === '{') depth += 1;
    if (token === '}') depth -= 1;
    return depth === 0 && type && type !== 'fragment';
  });
}

/** The tab's headers; without an authorization there, the token of the last sign-in in this window. */
function headersFor({ headers = {} } = {}) {
  const token = sessionStorage.getItem(TOKEN);
  const given = Object.keys(headers).some((name) => name.toLowerCase() === 'authorization');
  return token && !given ? { ...headers, authorization: `Bearer ${token}` } : headers;
}

/** A connection for each subscription, since it begins with the token. Its end is shown, whatever it was. */
function overSocket(payload, connectionParams) {
  const client = graphqlWs.createClient({ url: socketUrl, connectionParams, retryAttempts: 0 });
  const events = client.iterate(payload);
  const next = () =>
    events.next().catch((error) => {
      throw error instanceof CloseEvent ? [{ message: `${error.code} ${error.reason || 'The connection was lost.'}` }] : error;
    });
  return {
    next,
    return: () => events.return(),
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

async function overHttp(payload, headers) {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json, application/json', ...headers },
    body: JSON.stringify(payload),
  });
  const answer = await response.json();
  // A token that is no good is forgotten; signing in works again then.
  if (response.status === 401) sessionStorage.removeItem(TOKEN);
  const session = answer.data?.signIn ?? answer.data?.signUp;
  if (session?.accessToken) sessionStorage.setItem(TOKEN, session.accessToken);
  return answer;
}

function fetcher({ operationName, ...payload }, options = {}) {
  const operations = operationsIn(payload.query);
  const named = operations.find(([, , name]) => name && name === operationName);
  const [, type] = named ?? operations[0] ?? [];
  const send = type === 'subscription' ? overSocket : overHttp;
  return send(named ? { ...payload, operationName } : payload, headersFor(options));
}

ReactDOM.createRoot(document.getElementById('graphiql')).render(
  React.createElement(GraphiQL, {
    fetcher,
    defaultTabs: madangExamples,
    defaultEditorToolsVisibility: 'headers',
    isHeadersEditorEnabled: true,
    shouldPersistHeaders: false,
  }),
);
