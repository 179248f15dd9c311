import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { SecretWatch } from "./watch-secrets.ts";

/** Long enough to be found by nothing else; a secret's beginning may be public. */
const TAIL = 24;

/** The kinds of secrets that a stopped relay's data folder holds: as they are, in hex or in base64. */
export async function findSecrets(folder: string, secrets: SecretWatch["secrets"]): Promise<string[]> {
  const held = `${await bytesOf(folder)}\n${rowsOf(join(folder, "relay.sqlite"))}`;
  return [...secrets].flatMap(([kind, values]) =>
    [...values].some((secret) => formsOf(secret.slice(-TAIL)).some((form) => held.includes(form))) ? [kind] : [],
  );
}

/** Every file, with what its database has deleted but not overwritten. */
async function bytesOf(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const contents = await Promise.all(files.map((entry) => readFile(join(entry.parentPath, entry.name))));
  return Buffer.concat(contents).toString("latin1");
}

/** Every value of every table: what spans two pages of the file is whole only here. */
function rowsOf(path: string): string {
  using database = new DatabaseSync(path, { readOnly: true });
  const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
  const rows = tables.flatMap(({ name }) => database.prepare(`SELECT * FROM "${String(name)}"`).all());
  return rows.flatMap((row) => Object.values(row).map(String)).join("\n");
}

export function formsOf(secret: string): string[] {
  const hex = Buffer.from(secret).toString("hex");
  return [secret, hex, hex.toUpperCase(), ...base64Forms(secret, "base64"), ...base64Forms(secret, "base64url")];
}

/** Base64 of the text alone, and as it looks behind one or two other bytes. */
function base64Forms(secret: string, encoding: "base64" | "base64url"): string[] {
  return [0, 1, 2].map((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)]).toString(encoding);
    const begin = Math.ceil((before * 8) / 6);
    return encoded.slice(begin, Math.floor(((before + secret.length) * 8) / 6));
  });
}
