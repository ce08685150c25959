import { json } from 'node:stream/consumers';
import { standIn } from '@madang/kernel/testing';
import { uuidv7 } from 'uuidv7';

export interface Sending {
  readonly accountId: string;
  readonly template: string;
  readonly values: { readonly name: string; readonly value: string }[];
  readonly about: { readonly type: string; readonly id: string };
  readonly idempotencyKey: string;
}

/** What stands where the notifications context is called: it sends, is out (503), never answers, or does not know the template. */
export async function standInNotifications() {
  const says: { now: 'SENT' | 'OUT' | 'SILENT' | 'UNKNOWN' } = { now: 'SENT' };
  const calls: Sending[] = [];
  const server = await standIn(async (request, response) => {
    const { variables } = (await json(request)) as { variables: { input: Sending } };
    calls.push(variables.input);
    response.setHeader('content-type', 'application/json');
    if (says.now === 'OUT') return response.writeHead(503).end();
    if (says.now === 'SILENT') return;
    if (says.now === 'SENT') return response.end(JSON.stringify({ data: { sendMessage: { id: uuidv7() } } }));
    response.end(JSON.stringify({ errors: [{ message: 'no such template', extensions: { code: 'BAD_USER_INPUT' } }] }));
  });
  return { ...server, says, calls };
}
