import { z } from "zod";
import { grantIdSchema, personaIdSchema, signInIdSchema } from "../primitives/id.ts";
import { scopesSchema } from "../persona/scope.ts";
import { exposedNameSchema } from "../persona/tool-name.ts";

const timeSchema = z.int().min(0);

/** An AI client as it presents itself: plain text, normalised, never to be trusted. */
export const clientViewSchema = z.strictObject({
  name: z.string().min(1).max(80),
  /** Host of the redirect address, or `this computer` for loopback, or the custom scheme. */
  redirectHost: z.string().min(1).max(255),
});

/**
 * What a person allowed an AI client. `tools` null is *live* (all tools of the persona within the scopes, also
 * later ones), else *frozen*: the exposed names that existed when it was allowed.
 */
export const grantSchema = z.strictObject({
  grantId: grantIdSchema,
  personaId: personaIdSchema,
  client: clientViewSchema,
  scopes: scopesSchema,
  tools: z.array(exposedNameSchema).max(2_000).nullable(),
  createdAt: timeSchema,
  lastUsedAt: timeSchema.nullable(),
  expiresAt: timeSchema,
  /** When a refresh token was used again after its window: the grant was ended and the person is told. */
  endedForReuseAt: timeSchema.nullable(),
});
export type Grant = z.infer<typeof grantSchema>;

/** `GET /api/v1/personas/:personaId/grants`. `DELETE /api/v1/grants/:grantId` ends one at once. */
export const grantsSchema = z.strictObject({ grants: z.array(grantSchema) });

/** `POST /api/v1/sign-in-codes`: eight characters to type on a sign-in page elsewhere; once, for two minutes. */
export const signInCodeSchema = z.strictObject({ code: z.string(), expiresAt: timeSchema });
export type SignInCode = z.infer<typeof signInCodeSchema>;

/** A sign-in that waits for this person's Allow because their code was typed there. */
export const waitingSignInSchema = z.strictObject({
  signInId: signInIdSchema,
  client: clientViewSchema,
  /** Where the page is open, as far as the relay can tell: address and browser. */
  place: z.string().max(200),
  /** null when the person chooses on allowing. */
  personaId: personaIdSchema.nullable(),
  scopes: scopesSchema,
  expiresAt: timeSchema,
});
export type WaitingSignIn = z.infer<typeof waitingSignInSchema>;

/** `GET /api/v1/sign-ins`. */
export const waitingSignInsSchema = z.strictObject({ signIns: z.array(waitingSignInSchema) });

/** `POST /api/v1/sign-ins/:signInId/decision`. */
export const signInDecisionSchema = z.strictObject({ allow: z.boolean() });
