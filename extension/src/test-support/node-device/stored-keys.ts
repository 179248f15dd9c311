import { KeyObject } from "node:crypto";
import { z } from "zod";

const storedKeySchema = z.object({
  cryptoKey: z.looseObject({}),
  algorithm: z.looseObject({ name: z.string() }),
  extractable: z.boolean(),
  usages: z.array(z.enum(["encrypt", "decrypt", "sign", "verify"])),
});

/** A row whose keys are written out, which only a browser itself can do with keys that cannot be exported. */
export const withKeysStored = (row: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, value instanceof CryptoKey ? store(value) : value]),
  );

export async function withKeysLoaded(row: object): Promise<Record<string, unknown>> {
  const members = Object.entries(row).map(async ([name, value]): Promise<[string, unknown]> => [
    name,
    await load(value),
  ]);
  return Object.fromEntries(await Promise.all(members));
}

const store = (key: CryptoKey): z.infer<typeof storedKeySchema> =>
  storedKeySchema.parse({
    cryptoKey: KeyObject.from(key).export({ format: "jwk" }),
    algorithm: key.algorithm,
    extractable: key.extractable,
    usages: key.usages,
  });

async function load(value: unknown): Promise<unknown> {
  const stored = storedKeySchema.safeParse(value);
  if (!stored.success) return value;
  const { cryptoKey, algorithm, extractable, usages } = stored.data;
  return crypto.subtle.importKey("jwk", cryptoKey, algorithm, extractable, usages);
}
