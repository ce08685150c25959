import { defineCommand, id } from '@madang/kernel/domain';
import { z } from 'zod';
import { role } from './events.ts';

/** As people mean it: without spaces around it, upper and lower case the same. */
const normalised = z.string().trim().toLowerCase();
const email = normalised.max(254, 'must be at most 254 characters').pipe(z.email('is not an e-mail address'));

/** Characters are counted as people see them typed; one form, however the keyboard composes it. */
const password = z
  .string()
  .normalize('NFKC')
  .refine((text) => [...text].length >= 8, 'must be at least 8 characters')
  .refine((text) => [...text].length <= 128, 'must be at most 128 characters');

/** No control characters, no halves of characters: nothing that a database would choke on. */
const PRINTABLE = [/^\P{C}*$/u, 'must not have control characters'] as const;

const displayName = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(50, 'must be at most 50 characters')
  .regex(...PRINTABLE);

const refreshToken = z.string().min(1, 'must not be empty').max(256, 'is too long');

export const signUp = defineCommand('signUp', z.object({ email, password, displayName }));

/** Only what no credential can be is bad input here; anything else is simply wrong. */
export const signIn = defineCommand(
  'signIn',
  z.object({
    email: normalised
      .min(1, 'must not be empty')
      .max(1_000, 'is too long')
      .regex(...PRINTABLE),
    password: z.string().normalize('NFKC').min(1, 'must not be empty').max(1_000, 'is too long'),
  }),
);

export const refreshSession = defineCommand('refreshSession', z.object({ refreshToken }));
export const signOut = defineCommand('signOut', z.object({ refreshToken }));
export const grantRole = defineCommand('grantRole', z.object({ accountId: id, role }));

export const linkMessenger = defineCommand(
  'linkMessenger',
  z.object({
    channel: z.enum(['TELEGRAM']),
    chatId: z
      .string()
      .trim()
      .regex(/^-?[1-9]\d{0,18}$/, 'must be the number of a chat'),
  }),
);
