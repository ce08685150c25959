import { defineCommand, id, idempotencyKey, reference } from '@madang/kernel/domain';
import { z } from 'zod';
import { messageChannel, messageSubject, messageTemplate } from './events.ts';

/** What a template's text names. */
export const templateValues = z.record(z.string(), z.union([z.string(), z.number()]));
export type TemplateValues = z.infer<typeof templateValues>;

/** Asked by another context: the values come as a list of names and values. */
export const sendMessage = defineCommand(
  'sendMessage',
  z.object({
    accountId: reference,
    channel: messageChannel.nullish(),
    template: messageTemplate,
    values: z
      .array(z.object({ name: z.string().min(1).max(64), value: z.string().max(1_000) }))
      .max(32)
      .transform((values): TemplateValues => Object.fromEntries(values.map(({ name, value }) => [name, value]))),
    about: messageSubject,
    idempotencyKey,
  }),
);

export const markMessageRead = defineCommand('markMessageRead', z.object({ messageId: id }));
