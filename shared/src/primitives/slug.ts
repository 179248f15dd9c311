import { z } from "zod";
import { randomBase32 } from "./random.ts";

/** A persona's address part: its name in kebab case, then six random base32 characters. It never changes. */
export const slugSchema = z.string().regex(/^[a-z0-9]+(?:-[a-z0-9]+)*-[a-z2-7]{6}$/u);

const KEBAB_LENGTH = 40;

export function createSlug(name: string): string {
  const kebab = name
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/[\u0300-\u036F]/gu, "")
    .replaceAll(/[^a-z0-9]+/gu, "-")
    .slice(0, KEBAB_LENGTH)
    .replaceAll(/^-+|-+$/gu, "");
  return `${kebab === "" ? "persona" : kebab}-${randomBase32(6)}`;
}
