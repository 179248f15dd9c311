import type { Budget, Usage } from "@agent-personas/shared/api/limits";
import type { MirroredParam } from "@agent-personas/shared/mcp/mirrored-params";
import type { ClientFamily } from "@agent-personas/shared/mcp/client-family";
import type { JwtCheck } from "@agent-personas/shared/persona/passthrough";
import type { Scope } from "@agent-personas/shared/persona/scope";
import type { PersonaVersion } from "@agent-personas/shared/persona/persona-version";
import type { ToolDefinition } from "@agent-personas/shared/persona/tool-definition";
import type { FindTools } from "@agent-personas/shared/persona/tool-index";
import type { PublicKey } from "@agent-personas/shared/primitives/fingerprint";
import type {
  AppStatus,
  Ask,
  BlockedTool,
  Call,
  CallNotification,
  CallResult,
  Listening,
  Notice,
  Outcome,
  SignIn,
} from "@agent-personas/shared/tunnel/messages";
import type { ErrorCode } from "@agent-personas/shared/errors/codes";
import type { FastifyBaseLogger, FastifyReply, FastifyRequest } from "fastify";
import type { Config } from "./config.ts";
import type { VerifiedToken } from "./inbound/passthrough/verify-foreign-token.ts";
import type { Principal } from "./inbound/principal.ts";
import type { Store } from "./store/store.ts";

/** What the composition list (app.ts) hands to every part; each part names the members it uses. */
export type RelayDeps = {
  config: Config;
  store: Store;
  log: FastifyBaseLogger;
  /** Milliseconds since the epoch. */
  now: () => number;
  personas: PublishedPersonas;
  devices: DeviceDirectory;
  inbound: Inbound;
  foreignTokens: ForeignTokens;
  authorization: Authorization;
  limits: Limits;
  usage: UsageRecorder;
  usedTokens: UsedTokens;
  tunnel: Tunnel;
  sessions: SessionCloser;
  observe: ObserveRequests;
};

/** What the endpoint tells whoever watches it. */
export type ObserveRequests = {
  /** Follows a request until its answer is out; answers the trace that calls made for it belong to. */
  begin: (
    request: FastifyRequest,
    reply: FastifyReply,
    options: { endless: boolean },
  ) => { traceparent: string | null };
  /** `protocol`: a fault of MCP's own, which has no code of the catalogue. */
  refused: (code: ErrorCode | "protocol") => void;
};

/** A persona as the endpoint serves it; kept in memory, replaced when a version is saved. */
export type PublishedPersona = {
  personaId: string;
  slug: string;
  ownerId: string;
  version: PersonaVersion;
  /** `publishedTool` of every tool, sorted by exposed name. */
  tools: readonly ToolDefinition[];
  /** The same, with schemas and hints that a family of clients can take. */
  toolsFor: (family: ClientFamily) => readonly ToolDefinition[];
  /** Arguments of a tool that its callers of 2026-07-28 repeat as headers, as far as their list says so. */
  mirrored: (name: string, family: ClientFamily) => readonly MirroredParam[];
  /** Exposed names of the tools that fit a query, best first. */
  find: FindTools;
};

export type PublishedPersonas = {
  bySlug: (slug: string) => Promise<PublishedPersona | null>;
  byId: (personaId: string) => Promise<PublishedPersona | null>;
  /** After a save or delete. */
  forget: (personaId: string) => void;
};

export type KnownDevice = {
  deviceId: string;
  userId: string;
  name: string;
  publicKey: PublicKey;
  lastSeenAt: number | null;
  preferred: boolean;
};

export type DeviceDirectory = {
  /** null when unknown or revoked. */
  find: (deviceId: string) => Promise<KnownDevice | null>;
  /** Not revoked, most recently seen first. */
  ofUser: (userId: string) => Promise<KnownDevice[]>;
};

/** Which of the endpoint's addresses a request came to; `slug` is null at the bare relay. */
export type EndpointAddress = { kind: "persona" | "keys" | "passthrough" | "bare"; slug: string | null };

/** What a person allowed an AI client, as every request needs it. */
export type KnownGrant = {
  grantId: string;
  personaId: string;
  /** Who signed in; calls execute on this person's devices. */
  userId: string;
  clientId: string;
  scopes: readonly Scope[];
  /** When frozen, the tools as `inbound/tool-refs.ts` keeps them; null when live. */
  tools: readonly string[] | null;
  /** The access key that was pasted to sign in; the grant never outlives or exceeds it. */
  keyId: string | null;
};

/** The relay's own authorization server, as the rest of the relay sees it. */
export type Authorization = {
  /**
   * Verifies an access token of this relay for one of `audiences` and loads its grant: one indexed select,
   * uncached, so that a revocation holds from the next request.
   * @throws AppError `invalid_token` with the reason
   */
  verify: (token: string, audiences: readonly string[]) => Promise<{ grant: KnownGrant; scopes: readonly Scope[] }>;
  /** Ends grants at once: refresh tokens, access tokens, sessions and open streams. */
  revokeGrant: (grantId: string) => Promise<void>;
  revokeGrantsOfPersona: (personaId: string) => Promise<void>;
  revokeGrantsOfKey: (keyId: string) => Promise<void>;
};

export type Inbound = {
  /**
   * Reads the credential of an MCP request from its Authorization header. One indexed select, uncached,
   * so that a revocation holds from the next request.
   * @throws AppError `invalid_token` | `key_in_query`
   */
  authenticate: (request: {
    authorization: string | undefined;
    /** Of these only what a passthrough persona lists is ever read. */
    headers: Readonly<Record<string, string | readonly string[] | undefined>>;
    query: URLSearchParams;
    address: string;
    endpoint: EndpointAddress;
  }) => Promise<Principal>;
};

/** Tokens of foreign issuers, as passthrough personas have them checked. */
export type ForeignTokens = {
  /** Never throws for a token; `audience` stands for an empty one, null leaves it unchecked. */
  verify: (token: string, by: { check: JwtCheck; audience: string | null }) => Promise<VerifiedToken>;
};

/** Who asks for what, once the guards let it pass; one per HTTP request. */
export type Caller = { principal: Principal; persona: PublishedPersona };

/** A call that counts against budgets once it was executed; exactly one of both is called. */
export type Reservation = { commit: () => void; release: () => void };

/** What remains for a caller; null is unlimited. */
export type Allowance = {
  rate: { limit: number; remaining: number; resetsAt: number };
  budgets: { whose: "person" | "persona" | "key"; budget: Budget; usage: Usage }[];
  /** When this month's counters start again. Milliseconds since the epoch. */
  resetsAt: number;
};

/** Rates and budgets. Nothing here writes on the call path. */
export type Limits = {
  /**
   * Counts a call or read, or all of a batch or none: of the person over all keys and sign-ins, of the persona if it has a rate of its own, of a
   * passthrough caller in a bucket apart.
   * @throws AppError `rate_limited` with `retryAfter` in seconds
   */
  countRequest: (caller: Caller, count?: number) => Promise<void>;
  /**
   * Counts any request of a passthrough caller, also one that is free: nobody has to know such a caller.
   * @throws AppError `rate_limited`
   */
  countStranger: (principalId: string) => void;
  /** @throws AppError `budget_exceeded` */
  reserveCall: (caller: Caller, cents: number) => Promise<Reservation>;
  allowance: (caller: Caller) => Promise<Allowance>;
  /** What a person, persona or key used this month. */
  usageOf: (subjectId: string) => Promise<Usage>;
  /** After the limits of a person, persona or key were changed. */
  forget: (subjectId: string) => void;
  /**
   * After a credential turned out bad. One that is good is never refused for others of its address, or a stranger
   * behind the same one could shut everybody out.
   * @throws AppError `rate_limited` after too many
   */
  badCredential: (address: string) => void;
  /** Writes what was counted. */
  flush: () => Promise<void>;
};

/** Buffers what is worth knowing and writes it once a second in one transaction; never on the call path. */
export type UsageRecorder = {
  keyUsed: (keyId: string, client: string | null) => void;
  grantUsed: (grantId: string) => void;
  personaUsed: (personaId: string) => void;
  deviceSeen: (deviceId: string) => void;
  sessionUsed: (sessionId: string) => void;
  flush: () => Promise<void>;
};

/** Remembers one-time ids for as long as the token that carries them could be replayed. */
export type UsedTokens = {
  /** False when `jti` was used before. */
  use: (jti: string) => boolean;
};

/** What callers want to hear of an app; of this browser alone, or with null of the one that serves the app best. */
export type ListeningWish = Listening & { deviceId: string | null };

/** What an app of this person said outside of any call, for callers whose wish names one of `deviceIds`. */
export type AppNews = { userId: string; deviceIds: ReadonlySet<string | null>; notice: Notice };

/** What the rest of the relay asks of the tunnel. */
export type Tunnel = {
  isOnline: (deviceId: string) => boolean;
  /**
   * The state of a persona's slots on the devices that could execute its calls, by slot, as far as they said; null
   * when none is online.
   */
  appStatuses: (wanted: {
    userId: string;
    deviceId: string | null;
    personaId: string;
  }) => ReadonlyMap<string, AppStatus> | null;
  /** Tools of a persona, by exposed name, that such a device says are not what was approved any more. */
  blockedTools: (wanted: {
    userId: string;
    deviceId: string | null;
    personaId: string;
  }) => ReadonlyMap<string, BlockedTool["state"]>;
  /**
   * Executes a call on a device of `target`: one with a working binding first, then the most recently active.
   * Waits for a device at most `config.ownerWaitMs`. Always settles before `config.relayDeadlineMs`.
   */
  call: (
    call: Omit<Call, "callId" | "attempt" | "deadline">,
    options: {
      target: { userId: string; deviceId: string | null };
      signal: AbortSignal;
      /** Made for this call and used for no other; a new one when left out. */
      callId?: string;
      /** Of the request it is made for; what is logged of both is found by it. */
      requestId?: string;
      /** What the device says of its part, before the outcome. */
      onTimings?: (timings: CallResult["timings"]) => void;
      onProgress?: (notification: CallNotification) => void;
      onLog?: (notification: CallNotification) => void;
      /** The app says that what a person did at a link is complete. */
      onElicited?: (notification: CallNotification) => void;
      /** The app ended the stream of its answer on purpose, and goes on. */
      onAway?: () => void;
      /** What the app asks the caller while the call runs; without it the app is told that nobody can be asked. */
      onAsk?: (ask: Ask, signal: AbortSignal) => Promise<Outcome>;
    },
  ) => Promise<Outcome>;
  /** What this person's callers want to hear of apps from now on. */
  listen: (userId: string, wishes: readonly ListeningWish[]) => void;
  /** Tells every device of a user which versions are newest. */
  sync: (userId: string) => Promise<void>;
  /** Shows a device a sign-in that waits for its person; false when it did not take it. */
  signIn: (deviceId: string, signIn: SignIn) => Promise<boolean>;
  /** Tells every device of a user that a grant is over. */
  grantEnded: (userId: string, grantId: string) => Promise<void>;
  /** Where this person wants calls executed from now on; null for wherever they were active last. */
  preferDevice: (userId: string, deviceId: string | null) => void;
  /** Tells the device and closes its socket. */
  revokeDevice: (deviceId: string) => Promise<void>;
  close: () => Promise<void>;
};

/** Ends MCP sessions and open streams of a credential or persona, within a second. */
export type SessionCloser = {
  closeOfPrincipal: (principalId: string) => Promise<void>;
  closeOfPersona: (personaId: string) => Promise<void>;
  /** Tells who listens what a new version changes for them. */
  personaSaved: (before: PublishedPersona, after: PublishedPersona) => void;
};
