import { AppError, isAppError } from "@agent-personas/shared/errors/app-error";
import { z } from "zod";
import type { SignInMethod } from "../../db/rows.ts";
import type { AppClient, AppSignIn } from "../../lib/app-sign-in.ts";
import { checkAppUrl } from "../app-url.ts";
import { readClientKey } from "./client-key.ts";
import { clientKeySchema, grantSchema, type Grant, type GrantContext } from "./token-record.ts";

/** How a person chose that a connection signs in, sealed in the vault; bound to the first issuer it is used at. */
export const signInChoiceSchema = z.strictObject({
  /** Null: this extension registers itself. */
  clientId: z.string().nullable(),
  clientSecret: z.string().nullable(),
  key: clientKeySchema.optional(),
  /** The app's authorization server that the client was entered for; null: the first it is used at. */
  issuer: z.string().nullable(),
  grant: grantSchema.optional(),
});
export type SignInChoice = z.infer<typeof signInChoiceSchema>;

export const signInChoiceId = (connectionId: string): string => `own-client/${connectionId}`;

/**
 * Checks what was entered; null for nothing but the default. `issuer` is the app's authorization server that the form
 * named.
 * @throws AppError `client_key_invalid`, `provider_url_forbidden`.
 */
export async function toChoice(signIn: AppSignIn, issuer: string | null): Promise<SignInChoice | null> {
  const client = { ...(await toClient(signIn.client)), issuer };
  switch (signIn.kind) {
    case "authorization_code":
      return signIn.client === null ? null : client;
    case "client_credentials":
      return { ...client, grant: { kind: "client_credentials" } };
    case "enterprise_managed": {
      const { clientId, clientSecret = null } = signIn.provider;
      const provider = { issuer: checkProviderUrl(signIn.provider.issuer), clientId, clientSecret };
      return { ...client, grant: { kind: "enterprise_managed", provider, subject: null } };
    }
  }
}

/** What pages may know of it; nothing of the default, in which a client registers itself. */
export function methodOf(grant: Grant | undefined, ownClient: boolean): SignInMethod | undefined {
  if (grant === undefined) return ownClient ? { kind: "authorization_code" } : undefined;
  if (grant.kind === "client_credentials") return grant;
  const { issuer, clientId } = grant.provider;
  return { kind: grant.kind, issuer, clientId };
}

/** Whether tokens were obtained as it is chosen now. */
export function isChosen({ client, grant }: GrantContext, choice: SignInChoice | null): boolean {
  if (!isSameGrant(grant, choice?.grant)) return false;
  if (choice === null || choice.clientId === null) return client.origin !== "own";
  return (
    client.clientId === choice.clientId &&
    client.clientSecret === choice.clientSecret &&
    JSON.stringify(client.key) === JSON.stringify(choice.key)
  );
}

/** Whoever it vouched for. */
function isSameGrant(one: Grant | undefined, other: Grant | undefined): boolean {
  if (one?.kind !== "enterprise_managed" || other?.kind !== "enterprise_managed") return one?.kind === other?.kind;
  return JSON.stringify(one.provider) === JSON.stringify(other.provider);
}

async function toClient(client: AppClient | null): Promise<Omit<SignInChoice, "issuer">> {
  const { clientId = null, clientSecret = null, privateKey } = client ?? {};
  const key = privateKey === undefined ? undefined : await readClientKey(privateKey);
  return { clientId, clientSecret, ...(key && { key }) };
}

const WELL_KNOWN = /\/\.well-known\/(?:openid-configuration|oauth-authorization-server)\/?$/u;

/** An issuer as it is written: without the slash of a bare origin, nor the address of its description. */
function checkProviderUrl(text: string): string {
  try {
    const url = new URL(checkAppUrl(text.replace(WELL_KNOWN, "")));
    if (url.search !== "") throw forbidden("The address must not hold a query (?).");
    return url.pathname === "/" ? url.origin : url.href;
  } catch (error) {
    if (!isAppError(error) || error.code !== "app_url_forbidden") throw error;
    throw forbidden(error.detail["reason"] ?? "");
  }
}

const forbidden = (reason: string): AppError => new AppError("provider_url_forbidden", { detail: { reason } });
