import gateway from '@mercuriusjs/gateway';
import Fastify from 'fastify';

process.on('disconnect', () => process.exit());
const { port, subgraphs, sdl } = JSON.parse(process.argv[2]);
const app = Fastify();
const services = Object.entries(subgraphs).map(([name, url]) => ({
  name,
  url,
  schema: sdl[name],
  ...(name === 'reviews' ? { wsUrl: url.replace('http', 'ws'), wsConnectionParams: { protocols: ['graphql-transport-ws'] } } : {}),
}));
app.register(gateway, { gateway: { services }, jit: 1, subscription: true });
await app.listen({ port, host: '127.0.0.1' });
