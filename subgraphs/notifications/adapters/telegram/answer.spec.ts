import { describe, expect, it } from 'vitest';
import { answerOf } from './answer.ts';

const no = (code: number, description?: string, parameters?: object) =>
  JSON.stringify({ ok: false, error_code: code, description, parameters });

describe('what the Bot API says', () => {
  it.each([
    [200, '{"ok":true,"result":{"message_id":7,"text":"…"}}', { kind: 'sent' }],
    [400, no(400, 'Bad Request: chat not found'), { kind: 'refused', reason: 'Bad Request: chat not found' }],
    [403, no(403, 'Forbidden: bot was blocked by the user'), { kind: 'refused', reason: 'Forbidden: bot was blocked by the user' }],
    [404, no(404), { kind: 'refused', reason: 'error 404' }],
    [200, no(403, 'Forbidden'), { kind: 'refused', reason: 'Forbidden' }],
    [429, no(429, 'Too Many Requests', { retry_after: 17 }), { kind: 'limited', retryAfterMs: 17_000 }],
    [429, no(429, 'Too Many Requests'), { kind: 'limited', retryAfterMs: 5_000 }],
    [429, '<html>', { kind: 'limited', retryAfterMs: 5_000 }],
    [429, no(429, '', { retry_after: 1e9 }), { kind: 'limited', retryAfterMs: 3_600_000 }],
    [401, no(401, 'Unauthorized'), { kind: 'out', reason: 'error 401: Unauthorized', denied: true }],
    [500, no(500, 'Internal Server Error'), { kind: 'out', denied: false }],
    [502, '<html><h1>502 Bad Gateway</h1></html>', { kind: 'out', denied: false }],
    [409, no(409, 'Conflict'), { kind: 'out', denied: false }],
    [302, '', { kind: 'out', denied: false }],
  ] as const)('%i %s', (status, body, answer) => {
    expect(answerOf(status, body)).toMatchObject(answer);
  });

  it.each([
    [200, ''],
    [200, '{"ok":tr'],
    [200, '{"ok":true}'],
    [200, 'null'],
    [403, '<html>Forbidden by the proxy</html>'],
    [404, 'no such route'],
    [500, '{"ok":true,"result":{"message_id":7}}'],
  ])('%i %j is nobody’s last word', (status, body) => {
    expect(answerOf(status, body)).toMatchObject({ kind: 'out', denied: false });
  });
});
