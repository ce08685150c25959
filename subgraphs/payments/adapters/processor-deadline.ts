import { type PaymentProcessor, ProcessorUnavailable } from '../ports.ts';

/** A processor whose answers are waited for only so long; what comes later is found out by asking again with the same key. */
export function withDeadline(processor: PaymentProcessor, timeoutMs: number): PaymentProcessor {
  const within = async <T>(answer: Promise<T>): Promise<T> => {
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new ProcessorUnavailable(`no answer within ${timeoutMs} ms`)), timeoutMs);
    });
    return await Promise.race([answer, tooLate]).finally(() => clearTimeout(timer));
  };
  return {
    authorise: (request) => within(processor.authorise(request)),
    revoke: (token) => within(processor.revoke(token)),
    charge: (request) => within(processor.charge(request)),
    withdraw: (charge) => within(processor.withdraw(charge)),
    refund: (request) => within(processor.refund(request)),
  };
}
