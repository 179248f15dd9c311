import type {
  PromptDefinition,
  ResourceDefinition,
  TemplateDefinition,
} from "@agent-personas/shared/persona/persona-item";
import type { WaitingSignIn } from "@agent-personas/shared/api/grants";
import type { User } from "@agent-personas/shared/api/devices";
import type { ErrorCode, ErrorDetail } from "@agent-personas/shared/errors/codes";
import type { PersonaVersion } from "@agent-personas/shared/persona/persona-version";
import type { Scope } from "@agent-personas/shared/persona/scope";
import type { ToolDefinition } from "@agent-personas/shared/persona/tool-definition";
import type { PublicKey } from "@agent-personas/shared/primitives/fingerprint";
import type { AppStatus } from "@agent-personas/shared/tunnel/messages";

/** Times are integer ms since the epoch. */

/** The one relay this installation is paired with. */
export type RelayRow = {
  id: "relay";
  /** The relay's public URL without trailing slash: base of REST and tunnel, audience of tokens. */
  relayUrl: string;
  relayId: string;
  user: User;
  device: { deviceId: string; name: string; publicKey: PublicKey; fingerprint: string };
  pairedAt: number;
  /** Relay's clock minus ours, in ms. */
  clockOffset: number;
};

/** Made at first run; the private key cannot be exported. */
export type DeviceKeyRow = { id: "device"; privateKey: CryptoKey; publicKey: PublicKey };

/** Another own device whose fingerprint both screens showed; its persona versions are accepted here. */
export type TrustedDeviceRow = {
  deviceId: string;
  name: string;
  publicKey: PublicKey;
  fingerprint: string;
  trustedAt: number;
};

export type TunnelState =
  | "unpaired"
  | "offline"
  | "connecting"
  | "online"
  | "locked"
  | "replaced"
  | "signed_out"
  | "update_needed";

/** Written by the background only; pages watch it live. */
export type StateRow = {
  id: "tunnel";
  tunnel: TunnelState;
  since: number;
  /** When the next attempt is made, while offline. */
  retryAt: number | null;
};

/** How an app wants to be authorised. */
export type CredentialKind = "oauth" | "headers" | "none";

/** A downstream MCP server as the person sees it. */
export type AppRow = {
  appId: string;
  /** The MCP endpoint, normalised. */
  url: string;
  name: string;
  credential: CredentialKind;
  /** What the last probe saw. */
  server: { name: string; version: string; title: string | null } | null;
  /** Protocol revision negotiated last, e.g. `2025-11-25`. */
  protocol: string | null;
  addedAt: number;
};

/** One authorised account at an app. Its secrets are `secrets` rows with ids made from `connectionId`. */
export type ConnectionRow = {
  connectionId: string;
  appId: string;
  /** Distinguishes accounts of one app, e.g. "Work". */
  label: string;
  status: AppStatus;
  /** Why the status is what it is: fills the text of the code. */
  problem: { code: ErrorCode; detail: ErrorDetail } | null;
  /** When the app last answered or failed to. */
  statusAt: number;
  /** How the next Connect is to sign in, where a person chose. */
  signIn?: SignInMethod | undefined;
  /** The same of the tokens in use. */
  signedIn?: SignInMethod | undefined;
  /** OAuth only. */
  issuer: string | null;
  scopes: string[];
  /** What the app refused calls for want of; asked for at the next sign-in. */
  wantedScopes?: string[];
  /** When the access token ends; null when unknown or without one. */
  expiresAt: number | null;
  /** Header names only; values are secrets. */
  headerNames: string[];
  /** Origins the browser still has to allow. */
  missingOrigins: string[];
  toolsListedAt: number | null;
  /** The same of resources, templates and prompts; absent in rows of earlier versions. */
  itemsListedAt?: number;
  /** What the app listed last and nobody can use; absent in rows of earlier versions. */
  leftOut?: LeftOut;
  createdAt: number;
};

/** The person with an OAuth client of theirs, an application, or the person through an identity provider. */
export type SignInMethod =
  | { kind: "authorization_code" }
  | { kind: "client_credentials" }
  | { kind: "enterprise_managed"; issuer: string; clientId: string };

/** Why a tool that an app lists is not taken over. */
export type LeftOutReason = "malformed" | "listed_twice" | "too_large" | "invalid_header";
/** The first of them by name, how many there are beyond, and whether the app went on listing after what is read. */
export type LeftOut = { tools: { name: string; reason: LeftOutReason }[]; more: number; truncated: boolean };

/** A tool as the app listed it last over this connection. */
export type ToolRow = {
  connectionId: string;
  name: string;
  definition: ToolDefinition;
  pin: string;
  riskClass: Scope;
  riskDeclared: boolean;
  /** False once the app stopped listing it. */
  present: boolean;
};

/** A resource, template or prompt as the app listed it last over this connection. */
export type ItemRow = {
  connectionId: string;
  kind: "resource" | "template" | "prompt";
  /** Address, template or name. */
  id: string;
  definition: ResourceDefinition | TemplateDefinition | PromptDefinition;
  pin: string;
  /** False once the app stopped listing it. */
  present: boolean;
};

/** A persona with the version that this device enforces. */
export type PersonaRow = {
  personaId: string;
  slug: string;
  /** The accepted version: what calls are checked against. */
  accepted: PersonaVersion;
  signed: string;
  /** The relay's newest version when it is not the accepted one and waits for the person. */
  offered: { version: PersonaVersion; signed: string; authorDeviceId: string } | null;
  createdAt: number;
  updatedAt: number;
  lastUsedAt: number | null;
};

/** Which connection serves a slot on this device. Never leaves it. */
export type BindingRow = { personaId: string; slotId: string; connectionId: string };

/** A sign-in elsewhere that waits for this person; `expiresAt` by this device's clock. */
export type SignInRow = WaitingSignIn;

/** An unfinished wizard; `draftId` is a persona id, or `new`. */
export type DraftRow = { draftId: string; step: number; draft: unknown; updatedAt: number };

/** A persona that was here. Should the relay serve it again, then nothing older than `version`; null: nothing at all. */
export type GonePersonaRow = { personaId: string; version: number | null };

/** The vault key, wrapped. Device mode: by a key that IndexedDB keeps for this browser profile. */
export type VaultRow = {
  id: "vault";
  mode: "device";
  wrappingKey: CryptoKey;
  wrappedKey: Uint8Array<ArrayBuffer>;
  iv: Uint8Array<ArrayBuffer>;
  schemaVersion: 1;
};

/** AES-256-GCM of JSON; the additional data binds table, id and schema version. */
export type SecretRow = {
  id: string;
  iv: Uint8Array<ArrayBuffer>;
  ciphertext: Uint8Array<ArrayBuffer>;
  schemaVersion: 1;
};

/** The answer to a call that its caller has not had in full: too long for one answer, or late. */
export type KeptResultRow = {
  /** The handle's id. */
  id: string;
  personaId: string;
  /** Kind and id of the only caller that may have it. */
  principal: string;
  slotId: string;
  /** The tool's own name. */
  tool: string;
  createdAt: number;
  /** While the call is under way: the worker that runs it. */
  bootId: string | null;
  /** Length of `sealed`. */
  bytes: number;
  /** AES-256-GCM of JSON, bound to table, id, persona, caller and tool; null while the call is under way. */
  sealed: { iv: Uint8Array<ArrayBuffer>; ciphertext: Uint8Array<ArrayBuffer> } | null;
  schemaVersion: 1;
};
