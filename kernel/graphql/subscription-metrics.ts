import { Counter, Gauge, type Registry } from 'prom-client';

/** The metrics of a context's subscriptions; once per registry. */
export const subscriptionMetrics = (registry: Registry) => {
  const registers = [registry];
  const ended = new Counter({
    name: 'madang_subscriptions_ended_total',
    help: 'Subscriptions by how they ended: left, slow, closed, failed',
    labelNames: ['why'],
    registers,
  });
  for (const why of ['left', 'slow', 'closed', 'failed']) ended.inc({ why }, 0);
  return {
    subscribers: new Gauge({ name: 'madang_subscribers', help: 'Open subscriptions', registers }),
    events: new Counter({ name: 'madang_subscription_events_total', help: 'Events read for the fan-out to subscribers', registers }),
    ended,
  };
};
