/** Names on the broker; derived, never typed by hand. */
export interface Names {
  /** `PAYMENT_METHODS` */
  stream(context: string): string;
  /** All subjects of a context's stream: `payment-methods.>` */
  subjects(context: string): string;
  /** `payments.payment.PaymentApproved.<key>` */
  subject(subjectAndKey: string): string;
  /** Without the prefix: what `subject` was given. */
  bare(subject: string): string;
  readonly deadLetters: string;
}

/** @param prefix put before every name, so that several systems can share a server; may be empty */
export function names(prefix = ''): Names {
  if (!/^[a-z0-9]*$/.test(prefix)) throw new TypeError(`NATS_PREFIX "${prefix}" is to be lower-case letters and digits`);
  const before = prefix === '' ? '' : `${prefix}.`;
  const upper = prefix === '' ? '' : `${prefix.toUpperCase()}_`;
  return {
    stream: (context) => `${upper}${context.replaceAll('-', '_').toUpperCase()}`,
    subjects: (context) => `${before}${context}.>`,
    subject: (subjectAndKey) => `${before}${subjectAndKey}`,
    bare: (subject) => subject.slice(before.length),
    deadLetters: `${upper}DEAD_LETTERS`,
  };
}
