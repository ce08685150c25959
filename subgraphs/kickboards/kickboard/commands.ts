import { defineCommand, id, idempotencyKey } from '@madang/kernel/domain';
import { z } from 'zod';

/** A place on the earth, in degrees. */
export const place = {
  lat: z.number().min(-90, 'must be at least -90').max(90, 'must be at most 90'),
  lng: z.number().min(-180, 'must be at least -180').max(180, 'must be at most 180'),
};

export const registerKickboard = defineCommand(
  'registerKickboard',
  z.object({
    serial: z
      .string()
      .trim()
      .regex(/^[A-Za-z0-9-]{1,32}$/, 'must be 1 to 32 letters, digits or -'),
    ...place,
    idempotencyKey: idempotencyKey.nullish(),
  }),
);

export const removeKickboard = defineCommand('removeKickboard', z.object({ kickboardId: id }));
