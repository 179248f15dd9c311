import { exportJWK, generateKeyPair, calculateJwkThumbprint, importJWK, type CryptoKey, type JWK } from "jose";
import type { Store } from "../store/store.ts";
import { deleteSigningKey, insertSigningKey, listSigningKeys, type SigningKeyRow } from "../store/signing-keys.ts";

const HOUR_MS = 60 * 60_000;
/** A key is published this long before it signs: longer than anybody may keep the published set. */
const PUBLISHED_BEFORE_MS = 24 * HOUR_MS;
const SIGNS_MS = 90 * 24 * HOUR_MS;
/** A key is kept this long after the next one took over: longer than an access token lives. */
const KEPT_MS = 2 * HOUR_MS;
const LOOK_AGAIN_MS = HOUR_MS;
/** After a token with a key that is not known here: another process may have made one. At most this often. */
const COOLDOWN_MS = 30_000;

export type SigningKeys = {
  /** The keys now, after any rotation that is due; the same object until they change. */
  current: () => Promise<KeySet>;
  /** null when no key has this id. */
  publicKey: (kid: string) => Promise<CryptoKey | null>;
};

export type KeySet = { signingKid: string; privateJwks: readonly JWK[]; publicJwks: readonly JWK[] };

type Loaded = { set: KeySet; keys: ReadonlyMap<string, CryptoKey>; at: number; turnsAt: number };

/** The keys of access tokens: made at first use, kept in the store, replaced every 90 days with an overlap. */
export function createSigningKeys(deps: { store: Store; now: () => number }): SigningKeys {
  let loaded: Loaded | null = null;
  let loading: Promise<Loaded> | null = null;

  const load = async (): Promise<Loaded> => {
    const now = deps.now();
    const rows = await rotate(deps.store, now);
    const set = describe(rows, now);
    const keys = await importPublic(set.publicJwks);
    const turnsAt = Math.min(...rows.map((row) => row.signsFrom).filter((at) => at > now), now + LOOK_AGAIN_MS);
    const same = loaded !== null && JSON.stringify(loaded.set) === JSON.stringify(set);
    const next = { set: same && loaded !== null ? loaded.set : set, keys, at: now, turnsAt };
    loaded = next;
    return next;
  };
  const fresh = async (mayBeOld: boolean): Promise<Loaded> => {
    if (loaded !== null && mayBeOld && deps.now() < loaded.turnsAt) return loaded;
    loading ??= load().finally(() => (loading = null));
    return loading;
  };

  return {
    current: async () => (await fresh(true)).set,
    publicKey: async (kid) => {
      const known = await fresh(true);
      const key = known.keys.get(kid);
      if (key !== undefined) return key;
      if (deps.now() - known.at < COOLDOWN_MS) return null;
      return (await fresh(false)).keys.get(kid) ?? null;
    },
  };
}

/** Makes the next key when it is due and drops those that no valid token needs. */
async function rotate(store: Store, now: number): Promise<SigningKeyRow[]> {
  const rows = await listSigningKeys(store.db);
  const newest = rows.at(-1);
  if (newest === undefined) await insertSigningKey(store.db, await makeKey(now, now));
  else if (now >= newest.signsFrom + SIGNS_MS - PUBLISHED_BEFORE_MS) {
    await insertSigningKey(store.db, await makeKey(now, now + PUBLISHED_BEFORE_MS));
  }
  for (const [index, row] of rows.entries()) {
    const next = rows[index + 1];
    if (next !== undefined && next.signsFrom + KEPT_MS <= now) await deleteSigningKey(store.db, row.kid);
  }
  return listSigningKeys(store.db);
}

async function makeKey(now: number, signsFrom: number): Promise<SigningKeyRow> {
  const { privateKey } = await generateKeyPair("RS256", { extractable: true });
  const jwk = await exportJWK(privateKey);
  const kid = await calculateJwkThumbprint(jwk);
  return { kid, privateJwk: { ...jwk, kid, alg: "RS256", use: "sig" }, createdAt: now, signsFrom };
}

function describe(rows: readonly SigningKeyRow[], now: number): KeySet {
  const signing = rows.findLast((row) => row.signsFrom <= now) ?? rows[0];
  if (signing === undefined) throw new Error("The store has no signing key.");
  return {
    signingKid: signing.kid,
    privateJwks: rows.map((row) => row.privateJwk),
    publicJwks: rows.map(({ privateJwk }) => publicPart(privateJwk)),
  };
}

function publicPart({ kty, n = "", e = "", kid = "", alg = "", use = "" }: JWK): JWK {
  if (kty !== "RSA") throw new Error("The store has a signing key of another kind.");
  return { kty, n, e, kid, alg, use };
}

async function importPublic(jwks: readonly JWK[]): Promise<Map<string, CryptoKey>> {
  const keys = new Map<string, CryptoKey>();
  for (const jwk of jwks) {
    const key = await importJWK(jwk, "RS256");
    if (!(key instanceof Uint8Array) && jwk.kid !== undefined) keys.set(jwk.kid, key);
  }
  return keys;
}
