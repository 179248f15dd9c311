import type { Grant, SignInCode } from "@agent-personas/shared/api/grants";
import { limitsSchema, type LimitsOverview } from "@agent-personas/shared/api/limits";
import { tryTokenSchema, type TriedToken } from "@agent-personas/shared/api/passthrough";
import type { AccessKey, CreatedKey } from "@agent-personas/shared/api/personas";
import { createKeySchema, editKeySchema } from "@agent-personas/shared/api/personas";
import {
  deviceNameSchema,
  personNameSchema,
  type Device,
  type LinkCreated,
  type LinkState,
} from "@agent-personas/shared/api/devices";
import type { ErrorCode, ErrorDetail } from "@agent-personas/shared/errors/codes";
import {
  deviceIdSchema,
  grantIdSchema,
  keyIdSchema,
  linkIdSchema,
  personaIdSchema,
  signInIdSchema,
} from "@agent-personas/shared/primitives/id";
import { z } from "zod";
import type { TunnelState } from "../db/rows.ts";
import { appSignInSchema } from "../lib/app-sign-in.ts";
import { personaDraftSchema } from "./persona-draft.ts";

/** What a link code's other side is asked to compare. */
export type PairOutcome =
  | { state: "paired"; recoveryCode: string | null }
  | {
      state: "pending";
      linkId: string;
      expiresAt: number;
      ownFingerprint: string;
      approver: { name: string; fingerprint: string };
    };

/** What adding an app found out, before anything is authorised. */
export type ProbeResult = {
  appId: string;
  connectionId: string;
  credential: "oauth" | "headers" | "none";
  /** Origins of the authorization server; Connect asks the browser for them. */
  authorizationOrigins: string[];
};

const nothing = z.strictObject({});
const appIdSchema = z.string().regex(/^app_/u);
const connectionIdSchema = z.string().regex(/^connection_/u);
const headersSchema = z.record(z.string().min(1).max(100), z.string().min(1).max(8_000));

/**
 * The commands pages send to the background: name → schema of the input. Pages read lists live from the
 * database; everything that changes something, or needs a secret, goes through here.
 */
export const commandInputs = {
  /** Wakes the worker and asks for the state of the tunnel. */
  "status.get": nothing,
  /** Connects now: after `replaced`, or without waiting for the next attempt. */
  "tunnel.connect": nothing,

  /** Reads a pasted link or address before anything is sent, so that its host can be shown. */
  "relay.inspect": z.strictObject({ relayUrl: z.url() }),
  "relay.pair": z.strictObject({
    relayUrl: z.url(),
    code: z.string().max(200),
    deviceName: deviceNameSchema,
    personName: personNameSchema.optional(),
  }),
  /** The new browser's side of a link: asks whether the other one has confirmed. */
  "relay.pairing-outcome": z.strictObject({ linkId: linkIdSchema }),
  "relay.unpair": nothing,
  "relay.create-link": nothing,
  "relay.link-state": z.strictObject({ linkId: linkIdSchema }),
  "relay.decide-link": z.strictObject({ linkId: linkIdSchema, approve: z.boolean(), fingerprint: z.string() }),
  "relay.new-recovery-code": nothing,
  "devices.list": nothing,
  "devices.rename": z.strictObject({ deviceId: deviceIdSchema, name: deviceNameSchema }),
  "devices.revoke": z.strictObject({ deviceId: deviceIdSchema }),
  /** Where calls should be executed; null for the browser that was active last. */
  "devices.prefer": z.strictObject({ deviceId: deviceIdSchema.nullable() }),

  /** The page has asked the browser for the app's origin already, in its click. */
  "apps.add": z.strictObject({ url: z.string().max(2_000), name: z.string().trim().max(80).optional() }),
  "apps.rename": z.strictObject({ appId: appIdSchema, name: z.string().trim().min(1).max(80) }),
  "apps.remove": z.strictObject({ appId: appIdSchema }),
  /** Another account of the same app. */
  "apps.add-connection": z.strictObject({ appId: appIdSchema, label: z.string().trim().min(1).max(80) }),
  "apps.set-headers": z.strictObject({ connectionId: connectionIdSchema, headers: headersSchema }),
  /** Takes effect with the next Connect. `server`: the app's authorization server that the person was shown. */
  "apps.set-sign-in": z.strictObject({
    connectionId: connectionIdSchema,
    signIn: appSignInSchema,
    server: z.string().max(2_000).nullable().optional(),
  }),
  /** Opens the app's consent where needed, lists tools; answers when connected. Also Re-authenticate and Retry. */
  "apps.connect": z.strictObject({ connectionId: connectionIdSchema }),
  "apps.disconnect": z.strictObject({ connectionId: connectionIdSchema }),
  "apps.refresh-tools": z.strictObject({ connectionId: connectionIdSchema }),

  /** Signs, publishes and accepts. Answers `persona_conflict` when `baseVersion` is not the newest. */
  "personas.save": z.strictObject({ draft: personaDraftSchema }),
  "personas.set-status": z.strictObject({ personaId: personaIdSchema, status: z.enum(["active", "paused"]) }),
  /** `signed` is the offer that was shown: another one that came meanwhile is answered `persona_conflict`. */
  /** `signed` is the offer that was shown, so that a relay cannot put another in its place. */
  "personas.accept-offered": z.strictObject({ personaId: personaIdSchema, signed: z.string() }),
  "personas.delete": z.strictObject({ personaId: personaIdSchema }),
  "personas.bind": z.strictObject({ personaId: personaIdSchema, slotId: z.string(), connectionId: connectionIdSchema }),
  /** Exposed names as saving would give them, and those that collide without prefixes. */
  "personas.preview-names": z.strictObject({ draft: personaDraftSchema }),

  "keys.list": z.strictObject({ personaId: personaIdSchema }),
  "keys.create": z.strictObject({ personaId: personaIdSchema, key: createKeySchema }),
  "keys.edit": z.strictObject({ keyId: keyIdSchema, changes: editKeySchema }),
  "keys.revoke": z.strictObject({ keyId: keyIdSchema }),

  /** The person's own limits, or those of one persona. */
  "limits.get": nothing,
  "limits.set": z.strictObject({ personaId: personaIdSchema.nullable(), limits: limitsSchema }),
  /** Verifies a pasted token of a foreign issuer as the endpoint would. */
  "passthrough.try": tryTokenSchema,

  "grants.list": z.strictObject({ personaId: personaIdSchema }),
  "grants.revoke": z.strictObject({ grantId: grantIdSchema }),

  /** The code to type on a sign-in page elsewhere: the one that still works, or a new one where `fresh`. */
  "sign-ins.code": z.strictObject({ fresh: z.boolean() }),
  /** Asks the relay which sign-ins wait; pages read them from the database. */
  "sign-ins.refresh": nothing,
  "sign-ins.decide": z.strictObject({ signInId: signInIdSchema, allow: z.boolean() }),
} as const;

export type CommandName = keyof typeof commandInputs;
export type CommandInput<Name extends CommandName> = z.input<(typeof commandInputs)[Name]>;

/** name → what the background answers. */
export type CommandResults = {
  "status.get": { tunnel: TunnelState; relayUrl: string | null };
  "tunnel.connect": null;
  "relay.inspect": { host: string; relayId: string; version: string };
  "relay.pair": PairOutcome;
  "relay.pairing-outcome": { state: "pending" | "denied" | "expired" | "paired" };
  "relay.unpair": null;
  "relay.create-link": LinkCreated & { ownFingerprint: string };
  "relay.link-state": LinkState;
  "relay.decide-link": null;
  "relay.new-recovery-code": { recoveryCode: string };
  "devices.list": { devices: Device[] };
  "devices.rename": null;
  "devices.revoke": null;
  "devices.prefer": null;
  "apps.add": ProbeResult;
  "apps.rename": null;
  "apps.remove": null;
  "apps.add-connection": { connectionId: string };
  "apps.set-headers": null;
  "apps.set-sign-in": null;
  "apps.connect": { tools: number };
  "apps.disconnect": { personas: string[] };
  "apps.refresh-tools": { tools: number };
  "personas.save": { personaId: string; slug: string; version: number };
  "personas.set-status": null;
  "personas.accept-offered": null;
  "personas.delete": null;
  "personas.bind": null;
  "personas.preview-names": {
    tools: { slotId: string; originalName: string; exposedName: string }[];
    prompts: { slotId: string; originalName: string; exposedName: string }[];
    collisions: string[];
  };
  "keys.list": { keys: AccessKey[] };
  "keys.create": CreatedKey;
  "keys.edit": { key: AccessKey };
  "keys.revoke": null;
  "limits.get": LimitsOverview;
  "limits.set": null;
  "passthrough.try": TriedToken;
  "grants.list": { grants: Grant[] };
  "grants.revoke": null;
  /** `expiresAt` by this device's clock. */
  "sign-ins.code": SignInCode | null;
  "sign-ins.refresh": null;
  "sign-ins.decide": null;
};

/** The envelope on `runtime.sendMessage`. */
export type CommandMessage = { command: CommandName; input: unknown };
export type CommandReply =
  | { ok: true; value: unknown }
  | { ok: false; error: { code: ErrorCode; detail: ErrorDetail } };
