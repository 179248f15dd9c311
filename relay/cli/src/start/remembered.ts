import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

const portSchema = z.int().min(1).max(65_535);

/** What the next start with the same data folder should do again, so that addresses stay the same. */
const rememberedSchema = z.object({
  relayPort: portSchema.nullable().default(null),
  samplePort: portSchema.nullable().default(null),
});
export type Remembered = z.infer<typeof rememberedSchema>;

const fileIn = (dataFolder: string): string => join(dataFolder, "start.json");

/** An unreadable file counts as none: nothing in it is precious. */
export async function readRemembered(dataFolder: string): Promise<Remembered> {
  const text = await readFile(fileIn(dataFolder), "utf8").catch(() => "{}");
  try {
    return rememberedSchema.parse(JSON.parse(text));
  } catch {
    return rememberedSchema.parse({});
  }
}

export async function remember(dataFolder: string, remembered: Remembered): Promise<void> {
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
  const file = fileIn(dataFolder);
  await writeFile(`${file}.new`, JSON.stringify(remembered));
  await rename(`${file}.new`, file);
}
