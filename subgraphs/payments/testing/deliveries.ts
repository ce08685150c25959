import { json } from 'node:stream/consumers';
import { standIn } from '@madang/kernel/testing';

/** What stands where the deliveries context is called: it agrees, has delivered everything, or is out. */
export async function standInDeliveries() {
  const says: { now: 'AGREED' | 'ALREADY_DELIVERED' | 'OUT' } = { now: 'AGREED' };
  const cancelled: string[] = [];
  const server = await standIn(async (request, response) => {
    const { variables } = (await json(request)) as { variables: { input: { applicationId: string } } };
    const { applicationId } = variables.input;
    response.setHeader('content-type', 'application/json');
    if (says.now === 'OUT') return response.writeHead(503).end();
    if (says.now === 'AGREED') {
      cancelled.push(applicationId);
      return response.end(JSON.stringify({ data: { cancelDelivery: { id: applicationId } } }));
    }
    response.end(JSON.stringify({ data: null, errors: [{ message: 'It has been delivered.', extensions: { code: says.now } }] }));
  });
  return {
    ...server,
    says,
    /** Applications whose delivery was cancelled, in order, once for every call. */
    cancelled,
  };
}
