import type { Kysely } from "kysely";
import type { JWK } from "jose";
import { z } from "zod";
import type { Tables } from "./tables.ts";

/** A key that signs access tokens from `signsFrom` until a younger one takes over. */
export type SigningKeyRow = { kid: string; privateJwk: JWK; createdAt: number; signsFrom: number };

const jwkSchema = z.looseObject({ kty: z.string(), kid: z.string() });

/** Oldest first. */
export async function listSigningKeys(db: Kysely<Tables>): Promise<SigningKeyRow[]> {
  const rows = await db.selectFrom("signing_keys").selectAll().orderBy("signs_from").execute();
  return rows.map((row) => ({
    kid: row.kid,
    privateJwk: jwkSchema.parse(JSON.parse(row.private_jwk)),
    createdAt: row.created_at,
    signsFrom: row.signs_from,
  }));
}

export async function insertSigningKey(db: Kysely<Tables>, key: SigningKeyRow): Promise<void> {
  await db
    .insertInto("signing_keys")
    .values({
      kid: key.kid,
      private_jwk: JSON.stringify(key.privateJwk),
      created_at: key.createdAt,
      signs_from: key.signsFrom,
    })
    .execute();
}

export async function deleteSigningKey(db: Kysely<Tables>, kid: string): Promise<void> {
  await db.deleteFrom("signing_keys").where("kid", "=", kid).execute();
}
