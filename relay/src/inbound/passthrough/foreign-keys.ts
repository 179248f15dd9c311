import { jwksSchema, type Jwks, type JwtCheck } from "@agent-personas/shared/persona/passthrough";
import { keepNewest } from "@agent-personas/shared/primitives/keep-newest";
import { createLocalJWKSet, errors, type CompactJWSHeaderParameters, type CryptoKey } from "jose";
import { internet, requestPinned, type Network } from "../../http/outbound/pinned-request.ts";
import { createWindow } from "../../http/outbound/window.ts";
import { FOREIGN_TOKENS } from "../../texts/foreign-tokens.ts";

const MAX_BYTES = 100_000;
const DEADLINE_MS = 5_000;
/** How long fetched keys are used without asking again. */
const FRESH_MS = 10 * 60_000;
/** How long they stand in for an issuer that cannot be reached. */
const STALE_MS = 60 * 60_000;
/** An address is asked this often at most, whatever key ids tokens name and whether or not it answered. */
const COOLDOWN_MS = 30_000;
const KEPT = 500;
const PER_HOST = 20;
const WINDOW_MS = 60_000;

/** The key that verifies a token with this header. @throws KeyFault */
export type ForeignKeys = (source: JwtCheck["keys"], header: CompactJWSHeaderParameters) => Promise<CryptoKey>;

/** Why there is no key; the message is a sentence for whoever set the check up. */
export class KeyFault extends Error {
  override readonly name = "KeyFault";
}

type KeySet = ReturnType<typeof createLocalJWKSet>;
type Fetched = { keys: KeySet | null; fetchedAt: number; askedAt: number; fault: string; asking: Promise<void> | null };

/** Public keys of foreign issuers: given with the check, or read from an address that is never one of this network. */
export function createForeignKeys(deps: { now: () => number; network?: Network }): ForeignKeys {
  const network = deps.network ?? internet;
  const inline = new WeakMap<object, KeySet>();
  const known = new Map<string, Fetched>();
  const perHost = createWindow({ now: deps.now, limit: PER_HOST, windowMs: WINDOW_MS });

  const ask = async (address: string, entry: Fetched): Promise<void> => {
    entry.askedAt = deps.now();
    try {
      entry.keys = await fetchKeys(network, address);
      entry.fetchedAt = deps.now();
    } catch (error) {
      entry.fault = error instanceof KeyFault ? error.message : FOREIGN_TOKENS.keysUnreachable;
    }
  };

  /** Asks once for everybody who waits; false when it was asked just now. */
  const refresh = async (address: string, entry: Fetched): Promise<boolean> => {
    if (entry.asking === null) {
      if (deps.now() - entry.askedAt < COOLDOWN_MS) return false;
      // Whoever tries addresses of a host takes nothing from those that work.
      if (entry.fetchedAt < 0 && !perHost.take(new URL(address).host)) return false;
      entry.asking = ask(address, entry).finally(() => (entry.asking = null));
    }
    await entry.asking;
    return true;
  };

  const fromAddress = async (address: string, header: CompactJWSHeaderParameters): Promise<CryptoKey> => {
    const entry = known.get(address) ?? newEntry();
    keepNewest(known, address, entry, KEPT);
    const age = (): number => deps.now() - entry.fetchedAt;
    if (age() >= FRESH_MS) await refresh(address, entry);
    if (age() >= STALE_MS) entry.keys = null;
    if (entry.keys === null) throw new KeyFault(entry.fault);
    try {
      return await find(entry.keys, header);
    } catch (error) {
      // The issuer may have made a new key since.
      if (!isUnknownKey(error) || !(await refresh(address, entry)) || entry.keys === null) throw explain(error);
      return find(entry.keys, header).catch((again: unknown) => Promise.reject(explain(again)));
    }
  };

  return async (source, header) => {
    if (source.from === "url") return fromAddress(source.url, header);
    const keys = inline.get(source.jwks) ?? toKeySet(source.jwks);
    inline.set(source.jwks, keys);
    return find(keys, header).catch((error: unknown) => Promise.reject(explain(error)));
  };
}

const newEntry = (): Fetched => ({
  keys: null,
  fetchedAt: Number.NEGATIVE_INFINITY,
  askedAt: Number.NEGATIVE_INFINITY,
  fault: FOREIGN_TOKENS.keysAskedTooOften,
  asking: null,
});

async function fetchKeys(network: Network, address: string): Promise<KeySet> {
  const signal = AbortSignal.timeout(DEADLINE_MS);
  const { status, body } = await requestPinned(network, new URL(address), { signal, maxBytes: MAX_BYTES });
  if (status !== 200) throw new KeyFault(FOREIGN_TOKENS.keysStatus(status));
  const parsed = jwksSchema.safeParse(parseJson(body));
  if (!parsed.success) throw new KeyFault(FOREIGN_TOKENS.keysForm);
  return toKeySet(parsed.data);
}

const toKeySet = ({ keys }: Jwks): KeySet =>
  createLocalJWKSet({
    keys: keys.map(({ kid, alg, ...key }) => ({
      ...key,
      ...(kid === undefined ? {} : { kid }),
      ...(alg === undefined ? {} : { alg }),
    })),
  });

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const find = (keys: KeySet, header: CompactJWSHeaderParameters): Promise<CryptoKey> => keys(header);

const isUnknownKey = (error: unknown): boolean => error instanceof errors.JWKSNoMatchingKey;

function explain(error: unknown): KeyFault {
  if (isUnknownKey(error)) return new KeyFault(FOREIGN_TOKENS.noKey);
  if (error instanceof errors.JWKSMultipleMatchingKeys) {
    return new KeyFault(FOREIGN_TOKENS.severalKeys);
  }
  return new KeyFault(FOREIGN_TOKENS.unusableKey);
}
