import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { routerMetrics } from '../../metrics.ts';
import { type Traffic, traffic } from '../../settings/traffic.ts';
import { type Answer, NoAnswer, type Transport } from '../transport.ts';
import { guarded } from './guarded.ts';

const good: Answer = { status: 200, retryAfter: undefined, text: '{"data":{"books":[]}}' };
const refusal: Answer = { ...good, text: '{"errors":[{"message":"No.","extensions":{"code":"NOT_FOUND"}}],"data":null}' };
const failure: Answer = { status: 500, retryAfter: undefined, text: 'Oops' };
const down = new NoAnswer('ECONNREFUSED', undefined);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A way to a subgraph that answers when it is told to. */
function way(changed: Partial<Traffic> = {}) {
  const sent: { answer(answer: Answer | NoAnswer): void; left: boolean }[] = [];
  const lines: Record<string, unknown>[] = [];
  const metrics = routerMetrics();
  const to: Transport = {
    send(_body, _headers, _repeatable, done) {
      const request = { answer: done, left: false };
      sent.push(request);
      return (why = new NoAnswer('AbortError', undefined)) => {
        request.left = true;
        done(why);
      };
    },
    close: async () => undefined,
  };
  const log = pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) });
  const guard = guarded(to, { subgraph: 'books', settings: { ...traffic, retries: 0, ...changed }, metrics, log });
  const ask = (repeatable = true) => {
    const asked: { got?: Answer | NoAnswer; leave: () => void } = { leave: () => undefined };
    asked.leave = guard.send('{}', '', repeatable, (got) => {
      asked.got = got;
    });
    return asked;
  };
  const settled = () => vi.advanceTimersByTimeAsync(0);
  return {
    sent,
    lines,
    ask,
    settled,
    /** Asks, and has the subgraph answer that. */
    async told(answer: Answer | NoAnswer) {
      const asked = ask();
      await settled();
      sent.at(-1)?.answer(answer);
      await settled();
      return asked.got;
    },
    state: async () => /madang_router_breaker_state\{.*subgraph="books".*\} (\d)/.exec(await metrics.registry.metrics())?.[1],
  };
}

const reasonOf = (got: Answer | NoAnswer | undefined) => (got instanceof NoAnswer ? got.reason : got?.status);

async function opened(changed: Partial<Traffic> = {}) {
  const made = way(changed);
  for (let nth = 0; nth < 5; nth++) await made.told(nth % 2 ? failure : down);
  return made;
}

describe('the breaker of a subgraph', () => {
  it('opens after five failures in a row, and says so', async () => {
    const { told, sent, state, lines } = await opened();
    expect(await state()).toBe('2');
    expect(lines).toMatchObject([{ subgraph: 'books', breaker: 'open', msg: 'the breaker changed' }]);
    const got = await told(good);
    expect(got).toMatchObject({ reason: 'broken', sent: false, retryAfterSeconds: 10 });
    expect(sent).toHaveLength(5);
  });

  it('counts failures in a row only', async () => {
    const { told, state } = way();
    for (let nth = 0; nth < 12; nth++) await told(nth % 4 ? failure : good);
    expect(await state()).toBe('0');
  });

  it.each([
    ['a refusal', refusal],
    ['a client error', { ...refusal, status: 400 }],
    ['an error with data', { ...good, status: 500 }],
  ])('takes %s for an answer', async (_, answer) => {
    const { told, state } = way();
    for (let nth = 0; nth < 12; nth++) await told(answer);
    expect(await state()).toBe('0');
  });

  it('does not take a client that leaves for a failure', async () => {
    const { ask, settled, sent, state } = way();
    for (let nth = 0; nth < 12; nth++) {
      const asked = ask();
      asked.leave();
      await settled();
      expect(reasonOf(asked.got)).toBe('AbortError');
    }
    expect(sent.every(({ left }) => left)).toBe(true);
    expect(await state()).toBe('0');
  });

  it('lets nothing through for ten seconds, then three trials at a time, and closes when they were good', async () => {
    const { ask, settled, sent, state } = await opened();
    await vi.advanceTimersByTimeAsync(9_900);
    const early = ask();
    await settled();
    expect(early.got).toMatchObject({ reason: 'broken', retryAfterSeconds: 1 });
    expect(sent).toHaveLength(5);
    await vi.advanceTimersByTimeAsync(100);
    const trials = [ask(), ask(), ask(), ask(), ask()];
    await settled();
    expect(sent).toHaveLength(8);
    expect(trials.map(({ got }) => reasonOf(got))).toEqual([undefined, undefined, undefined, 'broken', 'broken']);
    expect(await state()).toBe('1');
    for (const request of sent.slice(5, 7)) request.answer(good);
    await settled();
    expect(await state()).toBe('1');
    sent[7]?.answer(good);
    await settled();
    expect(await state()).toBe('0');
    expect(trials.map(({ got }) => reasonOf(got))).toEqual([200, 200, 200, 'broken', 'broken']);
  });

  it('opens again after one bad trial, for as long', async () => {
    const { told, sent, state } = await opened();
    await vi.advanceTimersByTimeAsync(10_000);
    await told(good);
    await told(failure);
    expect(await state()).toBe('2');
    await vi.advanceTimersByTimeAsync(9_999);
    expect(reasonOf(await told(good))).toBe('broken');
    expect(sent).toHaveLength(7);
  });

  it('sees a trial through that its client has left', async () => {
    const { ask, settled, sent, state } = await opened();
    await vi.advanceTimersByTimeAsync(10_000);
    const trial = ask();
    await settled();
    trial.leave();
    expect([reasonOf(trial.got), sent[5]?.left]).toEqual(['AbortError', false]);
    sent[5]?.answer(failure);
    await settled();
    expect(await state()).toBe('2');
  });
});

describe('the bulkhead of a subgraph', () => {
  it('has so many places, so many wait for one, and the next is refused at once', async () => {
    const { ask, settled, sent } = way({ bulkhead: 2, queue: 1 });
    const asked = [ask(), ask(), ask(), ask()];
    await settled();
    expect(sent).toHaveLength(2);
    expect(asked[3]?.got).toMatchObject({ reason: 'bulkhead', sent: false, retryAfterSeconds: 1 });
    sent[0]?.answer(good);
    await settled();
    expect(sent).toHaveLength(3);
    sent[2]?.answer(good);
    await settled();
    expect(reasonOf(asked[2]?.got)).toBe(200);
  });

  it('lets nobody wait beyond the deadline', async () => {
    const { ask, settled, sent } = way({ bulkhead: 1, timeoutMs: 1_000 });
    ask(false);
    await vi.advanceTimersByTimeAsync(500);
    const waiting = ask(false);
    await vi.advanceTimersByTimeAsync(500);
    await settled();
    // What was before it is over, so it has got the place and is sent.
    expect(sent).toHaveLength(2);
    const next = ask(false);
    await vi.advanceTimersByTimeAsync(500);
    expect(waiting.got).toMatchObject({ reason: 'timeout', sent: true });
    await vi.advanceTimersByTimeAsync(500);
    expect(reasonOf(next.got)).toBe('timeout');
  });
});

describe('what got no answer', () => {
  it('is tried twice more if it is a query', async () => {
    const { ask, settled, sent } = way({ retries: 2 });
    const query = ask();
    for (const nth of [0, 1, 2]) {
      await vi.advanceTimersByTimeAsync(400);
      expect(sent).toHaveLength(nth + 1);
      sent[nth]?.answer(nth === 2 ? good : down);
    }
    await settled();
    expect(reasonOf(query.got)).toBe(200);
  });

  it('is not tried again if it is a mutation', async () => {
    const { ask, sent } = way({ retries: 2 });
    const mutation = ask(false);
    sent[0]?.answer(new NoAnswer('ECONNRESET', undefined));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(sent).toHaveLength(1);
    expect(mutation.got).toMatchObject({ reason: 'ECONNRESET', sent: true });
  });

  it('is not tried again when the subgraph says when to come back', async () => {
    const { ask, sent } = way({ retries: 2 });
    const query = ask();
    sent[0]?.answer({ status: 503, retryAfter: '7', text: '' });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(sent).toHaveLength(1);
    expect(query.got).toMatchObject({ retryAfter: '7' });
  });

  it('is tried within the deadline only', async () => {
    const { ask, sent } = way({ retries: 2, tryTimeoutMs: 800, timeoutMs: 1_000 });
    const query = ask();
    await vi.advanceTimersByTimeAsync(800);
    expect([sent[0]?.left, query.got]).toEqual([true, undefined]);
    await vi.advanceTimersByTimeAsync(200);
    expect(reasonOf(query.got)).toBe('timeout');
    expect(sent.every(({ left }) => left)).toBe(true);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(sent.length).toBeLessThanOrEqual(2);
  });

  it('has the whole deadline if it is not tried again', async () => {
    const { ask, settled, sent } = way({ retries: 2, tryTimeoutMs: 800, timeoutMs: 1_000 });
    const mutation = ask(false);
    await vi.advanceTimersByTimeAsync(999);
    sent[0]?.answer(good);
    await settled();
    expect(reasonOf(mutation.got)).toBe(200);
  });
});
