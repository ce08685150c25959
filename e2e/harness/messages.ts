import { expect } from 'vitest';
import type { Person } from './people.ts';
import type { Events } from './subscription.ts';
import { eventually } from './until.ts';

/** A message as its reader sees it. */
export interface Told {
  readonly template: string;
  readonly title: string;
  readonly body: string;
  readonly about: { readonly type: string; readonly id: string };
}

const MESSAGE = 'template title body about { type id }';

/** What somebody is told from now on, pushed. */
export const watchMessages = (person: Person): Promise<Events<{ status: string; message: Told }>> =>
  person.watch('notifications', `subscription { messageReceived { status message { ${MESSAGE} } } }`);

/** Waits until exactly these messages were pushed, in whatever order: they tell of what several contexts do. */
export async function expectTold(messages: Events<{ message: Told }>, templates: readonly string[], withinMs = 15_000): Promise<void> {
  const told = () => messages.all.map(({ message }) => message.template).toSorted();
  await eventually(() => expect({ told: told(), errors: messages.errors }).toEqual({ told: templates.toSorted(), errors: [] }), {
    withinMs,
  });
}

/** Everything that somebody has been told (up to 100 messages), newest first. */
export async function messagesOf(person: Person): Promise<Told[]> {
  const { me } = await person.data<{ me: { messages: { edges: { node: Told }[] } } }>(
    `{ me { messages(first: 100) { edges { node { ${MESSAGE} } } } } }`,
  );
  return me.messages.edges.map(({ node }) => node);
}

/** Waits until somebody has been told exactly these, in whatever order: what is watched from then on comes after them. */
export async function hasBeenTold(person: Person, templates: readonly string[], withinMs = 30_000): Promise<void> {
  const told = async () => (await messagesOf(person)).map(({ template }) => template).toSorted();
  await eventually(async () => expect(await told()).toEqual(templates.toSorted()), { withinMs, everyMs: 50 });
}
