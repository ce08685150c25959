import { createReadStream, readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const ofPackage = (name: string, file: string): string => path.join(path.dirname(require.resolve(`${name}/package.json`)), file);
const own = (file: string): string => fileURLToPath(new URL(`./graphiql/${file}`, import.meta.url));

/** graphql-ws does not export its package.json. */
const graphqlWs = (): string => path.join(path.dirname(require.resolve('graphql-ws')), '../umd/graphql-ws.min.js');

/** Nothing is loaded from anywhere else. */
const POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self' ws: wss:; frame-ancestors 'none'";

const JAVASCRIPT = 'text/javascript; charset=utf-8';
const CSS = 'text/css; charset=utf-8';

/** GraphiQL, served whole from installed packages: `/` and what it needs under `/graphiql/`. Answers false for other paths. */
export function graphiql(): (pathname: string, response: ServerResponse) => Promise<boolean> {
  const page = readFileSync(own('index.html'));
  const files: Record<string, readonly [file: string, type: string]> = {
    '/graphiql/app.js': [own('app.js'), JAVASCRIPT],
    '/graphiql/examples.js': [own('examples.js'), JAVASCRIPT],
    '/graphiql/react.js': [ofPackage('react', 'umd/react.production.min.js'), JAVASCRIPT],
    '/graphiql/react-dom.js': [ofPackage('react-dom', 'umd/react-dom.production.min.js'), JAVASCRIPT],
    '/graphiql/graphiql.js': [ofPackage('graphiql', 'graphiql.min.js'), JAVASCRIPT],
    '/graphiql/graphiql.css': [ofPackage('graphiql', 'graphiql.min.css'), CSS],
    '/graphiql/graphql-ws.js': [graphqlWs(), JAVASCRIPT],
  };
  const headers = { 'content-security-policy': POLICY, 'x-content-type-options': 'nosniff' };

  return async (pathname, response) => {
    if (pathname === '/') {
      response.writeHead(200, { ...headers, 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' }).end(page);
      return true;
    }
    const [file, type] = files[pathname] ?? [];
    if (!file) return false;
    response.writeHead(200, { ...headers, 'content-type': type, 'cache-control': 'max-age=3600' });
    await pipeline(createReadStream(file), response).catch(() => response.destroy());
    return true;
  };
}
