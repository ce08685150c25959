import { type Answer, answerOf, out } from './answer.ts';

export interface BotApiOptions {
  /** `https://api.telegram.org` */
  readonly url: string;
  readonly token: string;
  /** How long an answer is waited for, ms. */
  readonly timeoutMs: number;
}

/** The part of Telegram's Bot API that is used here. */
export interface BotApi {
  /** Never throws. What it answers does not tell the token, which is in the address that is called. */
  sendMessage(chatId: string, text: string): Promise<Answer>;
}

/** Longest text that the Bot API takes, in UTF-16 units. */
const MOST_TEXT = 4_096;

const codeOf = (error: unknown): string => {
  const { cause } = error as { cause?: { code?: unknown } };
  return typeof cause?.code === 'string' ? cause.code : 'no connection';
};

/** https://core.telegram.org/bots/api#sendmessage */
export function botApi({ url, token, timeoutMs }: BotApiOptions): BotApi {
  const address = `${url.replace(/\/+$/, '')}/bot${token}/sendMessage`;
  const censored = (answer: Answer): Answer => ('reason' in answer ? { ...answer, reason: answer.reason.replaceAll(token, '…') } : answer);

  return {
    async sendMessage(chatId, text) {
      const signal = AbortSignal.timeout(timeoutMs);
      const shown = text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT - 1)}…` : text;
      try {
        const response = await fetch(address, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ chat_id: chatId, text: shown.toWellFormed() }),
          redirect: 'manual',
          signal,
        });
        return censored(answerOf(response.status, await response.text()));
      } catch (error) {
        // Nothing of the error itself is handed on: it may name the address.
        return out(signal.aborted ? `no answer within ${timeoutMs} ms` : codeOf(error));
      }
    },
  };
}
