import { z } from 'zod';

/** What the Bot API says to a message. */
export type Answer =
  | { readonly kind: 'sent' }
  /** It never will be sent: no such chat, blocked by its reader. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** Too many at once: not before so many milliseconds. */
  | { readonly kind: 'limited'; readonly retryAfterMs: number }
  /** No answer, or one that says nothing about the message. `denied`: the bot itself is refused. */
  | { readonly kind: 'out'; readonly reason: string; readonly denied: boolean };

export const out = (reason: string, denied = false): Answer => ({ kind: 'out', reason, denied });

/** Said of the chat or the message, once and for all. */
const FOR_GOOD: ReadonlySet<number> = new Set([400, 403, 404]);
/** Where it does not say how long. */
const RETRY_AFTER_SECONDS = 5;
const MOST_SECONDS = 3_600;

const shape = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), result: z.object({ message_id: z.number() }) }),
  z.object({
    ok: z.literal(false),
    error_code: z.number().optional(),
    description: z.string().optional(),
    parameters: z.object({ retry_after: z.number().nonnegative().optional() }).optional(),
  }),
]);

function parsed(body: string): z.infer<typeof shape> | null {
  try {
    return shape.safeParse(JSON.parse(body)).data ?? null;
  } catch {
    return null;
  }
}

/** What an answer says. Only the Bot API's own word counts for good: a proxy in between may say 403 or 404, too. */
export function answerOf(status: number, body: string): Answer {
  const said = parsed(body);
  const code = (said?.ok === false && said.error_code) || status;
  const waitSeconds = said?.ok === false ? said.parameters?.retry_after : undefined;
  if (code === 429) return { kind: 'limited', retryAfterMs: 1_000 * Math.min(waitSeconds ?? RETRY_AFTER_SECONDS, MOST_SECONDS) };
  if (said === null) return out(`HTTP ${status} without an answer of the Bot API`);
  if (said.ok) return status < 300 ? { kind: 'sent' } : out(`HTTP ${status}`);
  const reason = said.description?.slice(0, 200) || `error ${code}`;
  if (FOR_GOOD.has(code)) return { kind: 'refused', reason };
  return out(`error ${code}: ${reason}`, code === 401);
}
