import { engineOver, inProcess, composed, local, nobody } from './testing/in-process.ts';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { SUBGRAPHS, sdlOf } from '../bench/router/world/world.ts';
import { resolvers } from '../bench/router/world/data.ts';
const SMALL = `query Small($id: ID!, $skip: Int!) {
  user(id: $id) { id name reviews { id body product { upc name price weight shippingEstimate } } }
  products(skip: $skip, first: 1) { upc name inStock }
}`;
const LARGE = `query Large($skip: Int!) {
  products(skip: $skip, first: 18) {
    upc name price weight inStock shippingEstimate
    reviews { id body author { id name username reviews { id body product { upc name price weight inStock shippingEstimate } } } }
  }
}`;
export async function make() {
  const { supergraphSdl } = composed(Object.fromEntries(SUBGRAPHS.map((n) => [n, sdlOf(n)])));
  const locals = Object.fromEntries(SUBGRAPHS.map((n) => [n, local(buildSubgraphSchema([{ typeDefs: parse(sdlOf(n)), resolvers: resolvers[n] as never }]))]));
  const real = inProcess(locals);
  const memo = new Map<string, string>();
  const connect = (subgraph: string) => {
    const under = real.connect(subgraph);
    return {
      send(body: string, h: readonly string[], r: boolean, done: (a: any) => void) {
        const key = subgraph + body;
        const text = memo.get(key);
        if (text !== undefined) { queueMicrotask(() => done({ status: 200, retryAfter: undefined, text })); return () => {}; }
        return under.send(body, h, r, (a: any) => { if (a.text) memo.set(key, a.text); done(a); });
      },
      close: async () => undefined,
    };
  };
  const engine = await engineOver(supergraphSdl, SUBGRAPHS, { connect } as never);
  const textOf = ({ data, errors, extensions }: any) => data && typeof data.text === 'string' ? `{${errors ? `"errors":${JSON.stringify(errors)},` : ''}"data":${data.text}}` : JSON.stringify({ errors, data, extensions });
  return async (what: 'small' | 'large', n: number) => {
    let bytes = 0;
    for (let i = 0; i < n; i++) {
      const op = engine.prepare(what === 'small' ? SMALL : LARGE, undefined) as never;
      const r = await engine.execute(op, what === 'small' ? { id: `u${i % 50}`, skip: (i * 7) % 50 } : { skip: i % 20 }, nobody());
      bytes += Buffer.from(textOf(r)).length;
    }
    return bytes;
  };
}
