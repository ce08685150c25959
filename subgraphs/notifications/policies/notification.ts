import type { Received } from '@madang/kernel/domain';
import type { TemplateValues } from '../commands.ts';
import type { MessageSubject, MessageTemplate } from '../events.ts';

/** What an account is to be told. */
export interface Notification {
  /** That of the event that it tells: one message for each, however often it comes. */
  readonly messageId: string;
  readonly accountId: string;
  readonly template: MessageTemplate;
  readonly about: MessageSubject;
  readonly values: TemplateValues;
}

/** Tells the account of an event what has happened. Only words and numbers of `values` are given to the template, which takes what it names. */
export const notification = (
  { id, data }: Received<{ readonly accountId: string }>,
  template: MessageTemplate,
  about: MessageSubject,
  values: object = {},
): Notification => ({
  messageId: id,
  accountId: data.accountId,
  template,
  about,
  values: Object.fromEntries(Object.entries(values).filter(([, value]) => typeof value === 'string' || typeof value === 'number')),
});
