import { z } from "zod";
import { publicKeySchema } from "../primitives/fingerprint.ts";
import { deviceIdSchema, linkIdSchema, userIdSchema } from "../primitives/id.ts";

export const personNameSchema = z.string().trim().min(1).max(80);
export const deviceNameSchema = z.string().trim().min(1).max(80);
const timeSchema = z.int().min(0);

/** A code as people paste it: set-up, link or recovery; 128 bits as 26 base32 characters, dashes and case ignored. */
export const pairingCodeSchema = z
  .string()
  .transform((text) => text.replaceAll(/[\s-]/gu, "").toLowerCase())
  .pipe(z.string().regex(/^[a-z2-7]{26}$/u, "is not a pairing code"));

export const deviceSchema = z.strictObject({
  deviceId: deviceIdSchema,
  name: deviceNameSchema,
  publicKey: publicKeySchema,
  fingerprint: z.string(),
  createdAt: timeSchema,
  lastSeenAt: timeSchema.nullable(),
  online: z.boolean(),
  /** Calls go there where it can execute them. */
  preferred: z.boolean(),
});
export type Device = z.infer<typeof deviceSchema>;

export const userSchema = z.strictObject({ userId: userIdSchema, name: personNameSchema, administrator: z.boolean() });
export type User = z.infer<typeof userSchema>;

/** `GET /api/v1/relay`: what anyone may know of a relay. `publicUrl` is the audience of every device token. */
export const relayInfoSchema = z.strictObject({
  relayId: z.string(),
  publicUrl: z.url(),
  version: z.string(),
  serverTime: timeSchema,
});
export type RelayInfo = z.infer<typeof relayInfoSchema>;

/** `POST /api/v1/devices`. `personName` counts only for a new person (set-up code). */
export const pairRequestSchema = z.strictObject({
  code: pairingCodeSchema,
  deviceName: deviceNameSchema,
  personName: personNameSchema.optional(),
  publicKey: publicKeySchema,
  proof: z.string().max(2_000),
});
export type PairRequest = z.input<typeof pairRequestSchema>;

/** 201. `recoveryCode` is shown once and only here; null when the person has one already (linked device). */
export const pairedSchema = z.strictObject({
  state: z.literal("paired"),
  device: deviceSchema,
  user: userSchema,
  recoveryCode: z.string().nullable(),
});
/** 202. A link code waits for its creator's confirmation; both screens show both fingerprints. */
export const pairingPendingSchema = z.strictObject({
  state: z.literal("pending"),
  linkId: linkIdSchema,
  expiresAt: timeSchema,
  approver: z.strictObject({
    deviceId: deviceIdSchema,
    name: deviceNameSchema,
    publicKey: publicKeySchema,
    fingerprint: z.string(),
  }),
});
export const pairResponseSchema = z.discriminatedUnion("state", [pairedSchema, pairingPendingSchema]);
export type PairResponse = z.infer<typeof pairResponseSchema>;

/** `GET /api/v1/links/:linkId/outcome`, asked by the new device; the id is its capability. */
export const linkOutcomeSchema = z.discriminatedUnion("state", [
  z.strictObject({ state: z.literal("pending") }),
  pairedSchema,
  z.strictObject({ state: z.literal("denied") }),
  z.strictObject({ state: z.literal("expired") }),
]);
export type LinkOutcome = z.infer<typeof linkOutcomeSchema>;

/** `POST /api/v1/links`, by a paired device. `link` is pasted into the other browser's extension. */
export const linkCreatedSchema = z.strictObject({
  linkId: linkIdSchema,
  code: z.string(),
  link: z.url(),
  expiresAt: timeSchema,
});
export type LinkCreated = z.infer<typeof linkCreatedSchema>;

/** `GET /api/v1/links/:linkId`, by its creator. */
export const linkStateSchema = z.discriminatedUnion("state", [
  z.strictObject({ state: z.literal("waiting") }),
  z.strictObject({
    state: z.literal("requested"),
    name: deviceNameSchema,
    publicKey: publicKeySchema,
    fingerprint: z.string(),
  }),
  z.strictObject({ state: z.literal("approved"), device: deviceSchema }),
  z.strictObject({ state: z.literal("denied") }),
  z.strictObject({ state: z.literal("expired") }),
]);
export type LinkState = z.infer<typeof linkStateSchema>;

/** `POST /api/v1/links/:linkId/decision`; `fingerprint` is the one the person saw, so that a swap fails. */
export const linkDecisionSchema = z.strictObject({ approve: z.boolean(), fingerprint: z.string() });

/** `GET /api/v1/me`. */
export const meSchema = z.strictObject({ user: userSchema, device: deviceSchema, relay: relayInfoSchema });
export type Me = z.infer<typeof meSchema>;

export const devicesSchema = z.strictObject({ devices: z.array(deviceSchema) });
export const renameDeviceSchema = z.strictObject({ name: deviceNameSchema });
/** `PUT /api/v1/devices/preferred`; null for the device that was active last. */
export const preferDeviceSchema = z.strictObject({ deviceId: deviceIdSchema.nullable() });
export const recoveryCodeSchema = z.strictObject({ recoveryCode: z.string() });

/** Every refusal of the REST API. `detail` fills the text of the code; `requestId` finds it in the relay's log. */
export const apiErrorSchema = z.strictObject({
  error: z.strictObject({
    code: z.string(),
    message: z.string(),
    next: z.string(),
    help: z.string(),
    requestId: z.string(),
    detail: z.record(z.string(), z.string()),
    serverTime: timeSchema,
  }),
});
export type ApiError = z.infer<typeof apiErrorSchema>;
