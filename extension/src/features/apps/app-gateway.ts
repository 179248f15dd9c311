import type { CredentialKind } from "../../db/rows.ts";
import type { AppSignIn } from "../../lib/app-sign-in.ts";

/** What this feature needs of the apps themselves; the background hands in `createApps(…).gateway`. */
export type AppGateway = {
  /** The normalised address. @throws AppError `app_url_forbidden`. */
  checkUrl(text: string): string;
  probe(url: string): Promise<{
    url: string;
    credential: CredentialKind;
    server: { name: string; version: string; title: string | null } | null;
    protocol: string | null;
    issuer: string | null;
    authorizationOrigins: string[];
  }>;
  connect(connectionId: string): Promise<{ tools: number }>;
  /** Answers the names as stored. */
  setHeaders(connectionId: string, headers: Record<string, string>): Promise<string[]>;
  /** `server`: the app's authorization server that was shown. @throws AppError `client_key_invalid`, `provider_url_forbidden`. */
  setSignIn(connectionId: string, signIn: AppSignIn, server: string | null): Promise<void>;
  refreshTools(connectionId: string): Promise<{ tools: number }>;
  disconnect(connectionId: string): Promise<void>;
};
