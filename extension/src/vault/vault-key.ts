import { AppError } from "@agent-personas/shared/errors/app-error";
import { z } from "zod";
import type { Database } from "../db/database.ts";
import type { VaultRow } from "../db/rows.ts";
import { seal, unseal, type Bytes, type Place } from "./seal.ts";

/** Where the unlocked key waits for the next start of the worker; must not reach the disk. */
export type SessionStorage = {
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown): Promise<void>;
  remove(key: string): Promise<void>;
};

export type VaultKeyDeps = { database: Database; sessionStorage: SessionStorage };

const SESSION_KEY = "vault-key";
const PLACE: Place = { table: "vault", id: "vault", schemaVersion: 1 };
const cachedSchema = z.object({ wrap: z.string(), key: z.array(z.int().min(0).max(255)).length(32) });

/** The vault key of this profile; made on first use. Device mode needs no prompt. */
export async function loadVaultKey(deps: VaultKeyDeps): Promise<CryptoKey> {
  const row = (await deps.database.vault.get("vault")) ?? (await createVaultRow(deps.database));
  const wrap = row.iv.toString();
  const cached = cachedSchema.safeParse(await deps.sessionStorage.get(SESSION_KEY));
  // A cached key of an earlier vault (after a reset) would make everything unreadable.
  if (cached.success && cached.data.wrap === wrap) return importKey(Uint8Array.from(cached.data.key));
  const raw = await unseal(row.wrappingKey, PLACE, { iv: row.iv, ciphertext: row.wrappedKey });
  if (raw.length !== 32) throw new AppError("stored_data_unreadable");
  await deps.sessionStorage.set(SESSION_KEY, { wrap, key: [...raw] });
  return importKey(raw);
}

/** Two contexts may start at once: the first row wins, and both use it. */
async function createVaultRow(database: Database): Promise<VaultRow> {
  const wrappingKey = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  const sealed = await seal(wrappingKey, PLACE, crypto.getRandomValues(new Uint8Array(32)));
  const row: VaultRow = {
    id: "vault",
    mode: "device",
    wrappingKey,
    wrappedKey: sealed.ciphertext,
    iv: sealed.iv,
    schemaVersion: 1,
  };
  return database.transaction("rw", database.vault, async () => {
    const existing = await database.vault.get("vault");
    if (existing !== undefined) return existing;
    await database.vault.add(row);
    return row;
  });
}

function importKey(raw: Bytes): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
}
