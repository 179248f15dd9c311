import { z } from "zod";
import { isErrorCode, type ErrorCode } from "../errors/codes.ts";
import { callIdSchema, personaIdSchema, slotIdSchema } from "../primitives/id.ts";
import { scopeSchema } from "../persona/scope.ts";
import { exposedNameSchema } from "../persona/tool-name.ts";
import type { Hello } from "./handshake.ts";
import { traceparentSchema } from "./traceparent.ts";

/** Bytes. A frame slower than the ping would end the tunnel, so a longer result goes in parts, and anything else longer is refused. */
export const FRAME_BYTES = 256 * 1024;
/** Room in a frame for what is put around a payload. */
export const ENVELOPE_BYTES = 1_024;

/** Milliseconds, each counted from receipt so that clocks need not agree; the device's ends first. */
export const DEVICE_DEADLINE_MS = 45_000;
export const RELAY_DEADLINE_MS = 48_000;

export const CALLS_IN_FLIGHT = 64;
export const CALLS_QUEUED = 256;
/** Questions that an app may put in one call. */
export const ASKS_PER_CALL = 64;

/** Longest parameters of a progress or log message. Characters; the relay drops longer ones. */
export const NOTIFICATION_LENGTH = 8_192;

/** Longest parameters of a notice. Characters; of longer ones only the address is passed on. */
export const NOTICE_LENGTH = 4_096;

/** Resources that one caller may listen to, and of one app all of a persona's callers together. */
export const LISTENED_RESOURCES = 200;
/** Longest address of a resource that can be listened to. Characters. */
export const LISTENED_URI_LENGTH = 2_000;
/** Apps that one device may be told to listen to. */
export const LISTENED_SLOTS = 1_000;

const looseObject = z.record(z.string(), z.unknown());
const errorCodeSchema = z.custom<ErrorCode>(isErrorCode, "is not a code of the catalogue");

/** Who is calling, as the relay reports it; the extension checks scopes and tools again. */
export const callPrincipalSchema = z.strictObject({
  kind: z.enum(["key", "grant", "external"]),
  id: z.string().min(1).max(128),
  client: z.string().max(200),
  scopes: z.array(scopeSchema),
  /** Exposed names this caller is limited to; null for all of the persona. */
  tools: z.array(z.string().max(64)).max(2_000).nullable(),
});
export type CallPrincipal = z.infer<typeof callPrincipalSchema>;

/** Methods of MCP that an app answers. */
export const APP_METHODS = ["tools/call", "resources/read", "prompts/get", "completion/complete"] as const;

/** What the device answers itself: the next page of a cut result, and the result of a call that outlived its deadline. */
export const DEVICE_METHODS = ["persona/read-more", "persona/wait-for-call"] as const;

/** What the caller's client can be asked while its call runs; an app is told of these and no others. */
export const callerCapabilitiesSchema = z.strictObject({
  elicitation: z.looseObject({}).optional(),
  sampling: z.looseObject({}).optional(),
  roots: z.looseObject({}).optional(),
});
export type CallerCapabilities = z.infer<typeof callerCapabilitiesSchema>;

export const logLevelSchema = z.enum(["debug", "info", "notice", "warning", "error", "critical", "alert", "emergency"]);
export type LogLevel = z.infer<typeof logLevelSchema>;

export const callSchema = z.strictObject({
  callId: callIdSchema,
  attempt: z.int().min(1).max(10),
  personaId: personaIdSchema,
  version: z.int().min(1),
  /** Null for what the device answers itself. */
  slotId: slotIdSchema.nullable(),
  method: z.enum([...APP_METHODS, ...DEVICE_METHODS]),
  /** Parameters of the MCP request with the app's own names; `_meta` as the client sent it. */
  params: looseObject,
  principal: callPrincipalSchema,
  capabilities: callerCapabilitiesSchema,
  /** What the caller wants to hear of the app's log; null for nothing. */
  logLevel: logLevelSchema.nullable(),
  forwardedHeaders: z.record(z.string(), z.string()),
  /** The caller's session, which chooses the app's session; null for a caller without one. */
  session: z.string().max(128).nullable(),
  /** Milliseconds from receipt. */
  deadline: z.int().min(1).max(3_600_000),
  traceparent: traceparentSchema.nullable(),
});
export type Call = z.infer<typeof callSchema>;

/** Ack of `call`. With `needsGo` the device executes only after `go`: the tool is neither read-only nor idempotent. */
export const acceptedSchema = z.strictObject({ accepted: z.literal(true), needsGo: z.boolean() });
export type Accepted = z.infer<typeof acceptedSchema>;

export const goSchema = z.strictObject({ callId: callIdSchema });
export type Go = z.infer<typeof goSchema>;

/** How a call ended: the app's result or JSON-RPC error untouched, or a fault of the catalogue. */
export const outcomeSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("result"), result: looseObject }),
  z.strictObject({
    kind: z.literal("error"),
    error: z.strictObject({ code: z.number(), message: z.string(), data: z.unknown().optional() }),
  }),
  /** Still running at its deadline: `persona/wait-for-call` with this handle finishes it. */
  z.strictObject({ kind: z.literal("parked"), handle: z.string().min(1).max(64) }),
  z.strictObject({ kind: z.literal("fault"), code: errorCodeSchema, detail: z.record(z.string(), z.string()) }),
]);
export type Outcome = z.infer<typeof outcomeSchema>;

export const resultSchema = z.strictObject({
  callId: callIdSchema,
  attempt: z.int().min(1),
  outcome: outcomeSchema,
  /** Milliseconds spent in the device and, of these, waiting for the app. */
  timings: z.strictObject({ device: z.number().min(0), app: z.number().min(0) }),
});
export type CallResult = z.infer<typeof resultSchema>;

/** Ack of everything that the receiver has taken over; the sender may then forget it. */
export const storedSchema = z.strictObject({ stored: z.literal(true) });
export type Stored = z.infer<typeof storedSchema>;

/** A piece of a `result` longer than a frame: base64 of its UTF-8 JSON, numbered from 0; the last completes it. */
export const partSchema = z.strictObject({
  callId: callIdSchema,
  n: z.int().min(0).max(1_000),
  last: z.boolean(),
  bytes: z.string().max(FRAME_BYTES),
});
export type Part = z.infer<typeof partSchema>;

/**
 * Progress and log messages of the app, and its word that what a person did at a link is complete (`elicited`), with
 * the parameters of their MCP notification.
 */
export const notificationSchema = z.strictObject({ callId: callIdSchema, params: looseObject });
export type CallNotification = z.infer<typeof notificationSchema>;

/** The app ended the stream of its answer on purpose; it is asked again, and so may the caller's stream end. */
export const awaySchema = z.strictObject({ callId: callIdSchema });
export type Away = z.infer<typeof awaySchema>;

/** The app asks the caller something while a call runs. */
export const askSchema = z.strictObject({
  callId: callIdSchema,
  askId: z.string().min(1).max(64),
  method: z.enum(["elicitation/create", "sampling/createMessage", "roots/list"]),
  params: looseObject,
});
export type Ask = z.infer<typeof askSchema>;
export const answerSchema = z.strictObject({ outcome: outcomeSchema });
export type Answer = z.infer<typeof answerSchema>;

/** What callers want to hear of an app outside of any call. */
export const listeningSchema = z.strictObject({
  personaId: personaIdSchema,
  slotId: slotIdSchema,
  /** Changed lists of tools, resources and prompts. */
  lists: z.boolean(),
  /** Addresses of resources, as the app knows them. */
  resources: z.array(z.string().min(1).max(LISTENED_URI_LENGTH)).max(LISTENED_RESOURCES),
});
export type Listening = z.infer<typeof listeningSchema>;

/** All that this device should listen to from now on; what is not named any more is over. */
export const listenSchema = z.strictObject({ slots: z.array(listeningSchema).max(LISTENED_SLOTS) });
export type Listen = z.infer<typeof listenSchema>;

/** Something an app said outside of any call, to a device that was told to listen. */
export const noticeSchema = z.strictObject({
  personaId: personaIdSchema,
  slotId: slotIdSchema,
  method: z.enum([
    "notifications/tools/list_changed",
    "notifications/prompts/list_changed",
    "notifications/resources/list_changed",
    "notifications/resources/updated",
  ]),
  params: looseObject,
});
export type Notice = z.infer<typeof noticeSchema>;

export const cancelSchema = z.strictObject({ callId: callIdSchema, reason: z.string().max(500) });
export type Cancel = z.infer<typeof cancelSchema>;

export const appStatusSchema = z.enum([
  "not_connected",
  "connected",
  "needs_sign_in",
  "expired",
  "unreachable",
  "locked",
  "permission_missing",
]);
export type AppStatus = z.infer<typeof appStatusSchema>;

/** Of one persona, as many as are told. */
export const BLOCKED_TOOLS = 100;
export const blockedToolSchema = z.strictObject({ tool: exposedNameSchema, state: z.enum(["changed", "removed"]) });
export type BlockedTool = z.infer<typeof blockedToolSchema>;

/** What the device can serve: the version it accepted of each persona and the state of its slots. */
export const changedSchema = z.strictObject({
  personas: z
    .array(
      z.strictObject({
        personaId: personaIdSchema,
        acceptedVersion: z.int().min(1),
        slots: z.array(z.strictObject({ slotId: slotIdSchema, status: appStatusSchema })).max(64),
        /** Tools, by exposed name, that the app no longer defines as they were approved; absent is none. */
        blocked: z.array(blockedToolSchema).max(BLOCKED_TOOLS).optional(),
      }),
    )
    .max(1_000),
});
export type Changed = z.infer<typeof changedSchema>;

/** Newest versions of this user's personas, as the relay stores them; a persona that is not listed is gone. */
export const syncSchema = z.strictObject({
  personas: z.array(z.strictObject({ personaId: personaIdSchema, version: z.int().min(1) })).max(10_000),
});
export type Sync = z.infer<typeof syncSchema>;

/** A sign-in whose code was typed on the relay's page and now waits for this person's Allow. */
export const signInSchema = z.strictObject({
  interactionId: z.string().min(1).max(128),
  client: z.string().max(200),
  redirectHost: z.string().max(255),
  place: z.string().max(200),
  personaId: personaIdSchema.nullable(),
  scopes: z.array(scopeSchema),
});
export type SignIn = z.infer<typeof signInSchema>;

/** This device was removed, or another socket of it came (`replaced`); or a sign-in of its person has ended. */
export const revokedSchema = z.strictObject({
  kind: z.enum(["device", "grant", "replaced"]),
  id: z.string().min(1).max(128),
});
export type Revoked = z.infer<typeof revokedSchema>;

/** Said just before the relay closes the socket, for whoever reads along: a device goes by the disconnect alone. */
export const closingSchema = z.strictObject({ reason: z.enum(["malformed", "too_fast", "shutting_down"]) });
export type Closing = z.infer<typeof closingSchema>;

type Ack<T> = (answer: T) => void;

/** Socket.IO event maps; every payload is parsed with its schema by the side that receives it. */
export type RelayToDevice = {
  call: (call: Call, ack: Ack<Accepted>) => void;
  go: (go: Go) => void;
  cancel: (cancel: Cancel) => void;
  listen: (listen: Listen, ack: Ack<Stored>) => void;
  sync: (sync: Sync, ack: Ack<Stored>) => void;
  "sign-in": (signIn: SignIn, ack: Ack<Stored>) => void;
  revoked: (revoked: Revoked, ack: Ack<Stored>) => void;
  closing: (closing: Closing) => void;
};

export type DeviceToRelay = {
  hello: (hello: Hello, ack: Ack<Stored>) => void;
  result: (result: CallResult, ack: Ack<Stored>) => void;
  part: (part: Part, ack: Ack<Stored>) => void;
  progress: (progress: CallNotification) => void;
  log: (log: CallNotification) => void;
  away: (away: Away) => void;
  elicited: (elicited: CallNotification) => void;
  ask: (ask: Ask, ack: Ack<Answer>) => void;
  notice: (notice: Notice, ack: Ack<Stored>) => void;
  changed: (changed: Changed, ack: Ack<Stored>) => void;
};
