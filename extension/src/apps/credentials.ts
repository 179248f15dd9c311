import { AppError } from "@agent-personas/shared/errors/app-error";
import { z } from "zod";
import type { Vault } from "../vault/vault.ts";
import type { Credential } from "./app-fetch.ts";
import type { Connection } from "./load-connection.ts";
import type { TokenOwner, TokenSource } from "./refresh.ts";

export const headersSchema = z.record(z.string(), z.string());
export const headersSecretId = (connectionId: string): string => `headers/${connectionId}`;

export const ownerOf = ({ row, app }: Connection): TokenOwner => ({
  connectionId: row.connectionId,
  appName: app.name,
  appUrl: app.url,
});

/** What authenticates this connection. @throws AppError `app_needs_sign_in` when its headers were never entered. */
export async function credentialOf(
  deps: { vault: Vault; tokens: TokenSource },
  connection: Connection,
): Promise<Credential> {
  const { credential, name } = connection.app;
  if (credential === "none") return { kind: "none" };
  if (credential === "headers") {
    const stored = await deps.vault.read(headersSecretId(connection.row.connectionId), headersSchema);
    if (stored === null) throw new AppError("app_needs_sign_in", { detail: { app: name } });
    return { kind: "headers", headers: stored.value };
  }
  const owner = ownerOf(connection);
  return {
    kind: "oauth",
    current: () => deps.tokens.current(owner),
    afterRejection: (rejected) => deps.tokens.afterRejection(owner, rejected),
  };
}
