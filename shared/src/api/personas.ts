import { z } from "zod";
import { deviceIdSchema, keyIdSchema, personaIdSchema, userIdSchema } from "../primitives/id.ts";
import { slugSchema } from "../primitives/slug.ts";
import { SIGNED_PERSONA_LENGTH } from "../persona/persona-signature.ts";
import { scopesSchema } from "../persona/scope.ts";
import { exposedNameSchema } from "../persona/tool-name.ts";
import { budgetSchema, NO_BUDGET } from "./limits.ts";

const timeSchema = z.int().min(0);

/** A stored persona: `signed` is the compact JWS of its newest version. */
export const storedPersonaSchema = z.strictObject({
  personaId: personaIdSchema,
  slug: slugSchema,
  ownerId: userIdSchema,
  version: z.int().min(1),
  authorDeviceId: deviceIdSchema,
  signed: z.string().max(SIGNED_PERSONA_LENGTH),
  createdAt: timeSchema,
  updatedAt: timeSchema,
  lastUsedAt: timeSchema.nullable(),
});
export type StoredPersona = z.infer<typeof storedPersonaSchema>;

/** `GET /api/v1/personas`. */
export const personasSchema = z.strictObject({ personas: z.array(storedPersonaSchema) });

/**
 * `PUT /api/v1/personas/:personaId`: creates (version 1) or replaces. The signed version must be exactly one
 * above the stored one, else 409 `persona_conflict`.
 */
export const savePersonaSchema = z.strictObject({ signed: z.string().max(SIGNED_PERSONA_LENGTH) });

/** `PUT /api/v1/personas/:personaId/acceptance`: the version this device enforces. */
export const acceptanceSchema = z.strictObject({ version: z.int().min(1) });

export const keyExpirySchema = z.enum(["never", "30d", "90d", "1y"]);
export type KeyExpiry = z.infer<typeof keyExpirySchema>;
export const keyNameSchema = z.string().trim().min(1).max(80);
const toolNamesSchema = z.array(exposedNameSchema).max(2_000);
const keyToolsSchema = toolNamesSchema.min(1).nullable();

export const keyStateSchema = z.enum(["active", "disabled", "expired", "revoked"]);

/**
 * An access key without its secret. `tools` null means all of the persona; it is empty when the persona no longer
 * has any of the key's. `deviceId` null means any device.
 */
export const accessKeySchema = z.strictObject({
  keyId: keyIdSchema,
  personaId: personaIdSchema,
  name: keyNameSchema,
  prefix: z.string(),
  last4: z.string(),
  scopes: scopesSchema,
  tools: toolNamesSchema.nullable(),
  deviceId: deviceIdSchema.nullable(),
  budget: budgetSchema,
  state: keyStateSchema,
  createdAt: timeSchema,
  expiresAt: timeSchema.nullable(),
  lastUsedAt: timeSchema.nullable(),
  lastClient: z.string().nullable(),
  /** When it was seen where logs keep it; the person is told to replace it. */
  leakedAt: timeSchema.nullable(),
});
export type AccessKey = z.infer<typeof accessKeySchema>;

/** `GET /api/v1/personas/:personaId/keys`. */
export const accessKeysSchema = z.strictObject({ keys: z.array(accessKeySchema) });

/** `POST /api/v1/personas/:personaId/keys`. */
export const createKeySchema = z.strictObject({
  name: keyNameSchema,
  expires: keyExpirySchema,
  scopes: scopesSchema,
  tools: keyToolsSchema,
  deviceId: deviceIdSchema.nullable(),
  budget: budgetSchema.default(NO_BUDGET),
});
export type CreateKey = z.input<typeof createKeySchema>;

/** 201, the only time the secret exists outside its holder. */
export const createdKeySchema = z.strictObject({ key: accessKeySchema, secret: z.string() });
export type CreatedKey = z.infer<typeof createdKeySchema>;

/** `PATCH /api/v1/keys/:keyId`. Widening is audited. `DELETE /api/v1/keys/:keyId` revokes for good. */
export const editKeySchema = z.strictObject({
  name: keyNameSchema.optional(),
  scopes: scopesSchema.optional(),
  tools: keyToolsSchema.optional(),
  budget: budgetSchema.optional(),
  disabled: z.boolean().optional(),
});
export type EditKey = z.input<typeof editKeySchema>;
