import { AppError } from "@agent-personas/shared/errors/app-error";
import type { z } from "zod";
import type { SecretRow } from "../db/rows.ts";
import { seal, unseal, type Place, type Sealed } from "./seal.ts";
import { loadVaultKey, type VaultKeyDeps } from "./vault-key.ts";

/** A value with the revision to name when replacing it. */
export type Stored<T> = { value: T; revision: string };

export type Vault = {
  /**
   * Null when there is no such secret.
   * @throws AppError `stored_data_unreadable` when it was altered, moved, or does not fit the schema.
   */
  read<T>(id: string, schema: z.ZodType<T>): Promise<Stored<T> | null>;
  /** Answers the new revision. */
  write(id: string, value: unknown): Promise<string>;
  /** Writes only if the stored revision is still `expected` (null: none stored); answers the new one, else null. */
  compareAndSwap(id: string, expected: string | null, value: unknown): Promise<string | null>;
  remove(id: string): Promise<void>;
  /** Encrypts what another table keeps, bound to its place there. */
  seal(place: Place, value: unknown): Promise<Sealed>;
  /** @throws AppError `stored_data_unreadable` when it was altered, moved, or does not fit the schema. */
  open<T>(place: Place, sealed: Sealed, schema: z.ZodType<T>): Promise<T>;
};

const SCHEMA_VERSION = 1;

export function createVault(deps: VaultKeyDeps): Vault {
  const { secrets } = deps.database;
  let key: Promise<CryptoKey> | undefined;
  const unlocked = (): Promise<CryptoKey> => {
    key ??= loadVaultKey(deps).catch((error: unknown) => {
      key = undefined;
      throw error;
    });
    return key;
  };

  const sealValue = async (place: Place, value: unknown): Promise<Sealed> =>
    seal(await unlocked(), place, new TextEncoder().encode(JSON.stringify(value)));

  const sealRow = async (id: string, value: unknown): Promise<SecretRow> => {
    const sealed = await sealValue(placeOf(id), value);
    return { id, ...sealed, schemaVersion: SCHEMA_VERSION };
  };

  const open = async <T>(place: Place, sealed: Sealed, schema: z.ZodType<T>): Promise<T> => {
    const plain = await unseal(await unlocked(), place, sealed);
    const parsed = schema.safeParse(JSON.parse(new TextDecoder().decode(plain)));
    // The issues of a failed parse may quote the secret, so they are not kept as the cause.
    if (!parsed.success) throw new AppError("stored_data_unreadable");
    return parsed.data;
  };

  return {
    async read(id, schema) {
      const row = await secrets.get(id);
      if (row === undefined) return null;
      return { value: await open(placeOf(id), row, schema), revision: revisionOf(row) };
    },

    async write(id, value) {
      const row = await sealRow(id, value);
      await secrets.put(row);
      return revisionOf(row);
    },

    async compareAndSwap(id, expected, value) {
      // Sealed before the transaction: IndexedDB ends a transaction that waits for anything else.
      const row = await sealRow(id, value);
      return deps.database.transaction("rw", secrets, async () => {
        const current = await secrets.get(id);
        if ((current === undefined ? null : revisionOf(current)) !== expected) return null;
        await secrets.put(row);
        return revisionOf(row);
      });
    },

    async remove(id) {
      await secrets.delete(id);
    },

    seal: sealValue,
    open,
  };
}

const placeOf = (id: string) => ({ table: "secrets", id, schemaVersion: SCHEMA_VERSION }) as const;

/** Every write draws a new IV, so it names the revision. */
const revisionOf = (row: SecretRow): string => row.iv.toString();
