import type { Scope } from "@agent-personas/shared/persona/scope";
import type { FastifyReply, FastifyRequest } from "fastify";

/** How the client gets its code back: over https, to a program on this computer, or by a private scheme. */
export type RedirectKind = "https" | "loopback" | "custom";

/** An authorization request that waits for its person. Everything about the client is its own claim. */
export type PendingSignIn = {
  uid: string;
  /** Made for this sign-in; the extension's sign-in token must carry it. */
  nonce: string;
  client: {
    clientId: string;
    /** Plain text, normalised: one line, no control or direction characters, at most 80 characters. */
    name: string;
    redirectUri: string;
    /** Host of the redirect address; the scheme, such as `cursor:`, when it is a private one. */
    redirectHost: string;
    kind: RedirectKind;
  };
  resource: string;
  /** null at the bare relay, where the person chooses. */
  personaId: string | null;
  /** What the client asks for; the person may narrow it. */
  scopes: readonly Scope[];
};

/** What the person allowed. */
export type SignInDecision = {
  userId: string;
  /** The access key that was pasted instead of a sign-in, else null. */
  keyId: string | null;
  personaId: string;
  /** A part of what was asked, not empty. */
  scopes: readonly Scope[];
  /** Exposed names when frozen; null when live. */
  tools: readonly string[] | null;
};

/**
 * The way between the pages and the protocol. The provider's cookie ties a sign-in to one browser and has the path
 * `/sign-in/<uid>`, so every page and form of a sign-in lies at or below it. All throw AppError `sign_in_expired`
 * when it is over, unknown, or another browser's.
 */
export type Interactions = {
  load: (request: FastifyRequest, reply: FastifyReply) => Promise<PendingSignIn>;
  /**
   * Makes one new grant and answers where to send the browser (303). Twice for one sign-in makes one grant.
   * @throws AppError `invalid_request` when the decision exceeds what was asked or what this person or key may give
   */
  finish: (request: FastifyRequest, reply: FastifyReply, decision: SignInDecision) => Promise<string>;
  /** Answers where to send the browser (303) to tell the client `access_denied`. */
  deny: (request: FastifyRequest, reply: FastifyReply) => Promise<string>;
};
