import { z } from "zod";
import { jwtCheckSchema } from "../persona/passthrough.ts";
import { personaIdSchema } from "../primitives/id.ts";

/**
 * `POST /api/v1/passthrough/tries`: verifies a pasted token as the endpoint would. `personaId` null is a persona that
 * is not saved yet; its audience is then unknown, so an empty audience is not checked. The token is kept nowhere.
 */
export const tryTokenSchema = z.strictObject({
  personaId: personaIdSchema.nullable(),
  check: jwtCheckSchema,
  token: z.string().trim().min(1).max(16_384),
});
export type TryToken = z.input<typeof tryTokenSchema>;

export const tokenCheckSchema = z.enum(["form", "keys", "signature", "expiry", "issuer", "audience", "subject"]);
export type TokenCheck = z.infer<typeof tokenCheckSchema>;

/** Checks in the order of the endpoint, up to and with the first that fails; `detail` is plain text for people. */
export const triedTokenSchema = z.strictObject({
  accepted: z.boolean(),
  checks: z.array(z.strictObject({ check: tokenCheckSchema, passed: z.boolean(), detail: z.string().max(500) })).max(7),
});
export type TriedToken = z.infer<typeof triedTokenSchema>;
