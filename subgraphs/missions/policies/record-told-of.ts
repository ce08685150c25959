import type { MessageSubject, MessageTemplate } from '@madang/notifications/events';

/** The record whose reward a message tells of; null for messages of anything else. */
export const recordToldOf = ({ template, about }: { readonly template: MessageTemplate; readonly about: MessageSubject }): string | null =>
  template === 'MISSION_REWARDED' && about.type === 'MISSION_RECORD' ? about.id : null;
