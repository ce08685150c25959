import type { Prepared } from '../engine/prepare.ts';
import { UpstreamRefused } from '../engine/subscriptions/source.ts';
import { eachOf, type Subscription } from '../engine/subscriptions/subscription.ts';
import { interrupted, unauthenticated } from '../errors.ts';
import { beginning, textOf } from './begin.ts';
import type { Exchange } from './exchange.ts';
import { Expiry } from './expiry.ts';
import type { Front } from './front.ts';
import { cors } from './graphql.ts';
import { LongAnswer } from './long-answer.ts';

/** The boundary comes with each part, as a client takes a part for complete when it sees the boundary behind it. */
const part = (json: string): string => `\r\ncontent-type: application/json\r\n\r\n${json}\r\n--graphql`;

/**
 * Apollo's multipart protocol for subscriptions over HTTP (`subscriptionSpec=1.0`): each result is a part `{"payload": …}`, a heartbeat is `{}`; what ends a
 * subscription other than by its completion is `{"payload": null, "errors": […]}`.
 */
export function multipartSubscriptions(front: Front) {
  const { begin, shown } = beginning(front);
  const { limits, streams } = front;

  return async (operation: Prepared, variables: Readonly<Record<string, unknown>>, exchange: Exchange): Promise<void> => {
    const { request, response, principal } = exchange;
    const context = { ...exchange.context, protocol: 'multipart' as const };
    context.watch?.as('multipart');
    const subscription = begin(operation, variables, context, request.socket.remoteAddress ?? '') as Subscription;
    const expiry = new Expiry(() => subscription.fail(() => unauthenticated('The token has expired: sign in again.'), true));
    const goAway = () => subscription.fail(interrupted, true);
    const answer = new LongAnswer(response, {
      headers: {
        ...cors,
        'content-type': 'multipart/mixed;boundary="graphql";subscriptionSpec="1.0"',
        'x-correlation-id': context.correlationId,
      },
      opening: `--graphql${part('{}')}`,
      heartbeat: part('{}'),
      heartbeatMs: limits.streamHeartbeatMs,
      closed() {
        expiry.clear();
        streams.delete(goAway);
        subscription.leave();
      },
    });
    expiry.at(principal.expiresAt);
    streams.add(goAway);
    try {
      await eachOf(subscription, (result) => answer.write(part(`{"payload":${textOf(result)}}`)));
      answer.end('--\r\n');
    } catch (error) {
      const errors = JSON.stringify(shown([error], context));
      const json = error instanceof UpstreamRefused ? `{"payload":{"errors":${errors}}}` : `{"payload":null,"errors":${errors}}`;
      answer.end(`${part(json)}--\r\n`);
    }
  };
}
