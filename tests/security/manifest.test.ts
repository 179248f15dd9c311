import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "..", "..");

/** Where a MUST is shown that this folder cannot show. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  // The extension is the client there.
  A38: "extension/src/apps",
};
const MUSTS = Array.from({ length: 38 }, (_, index) => `A${index + 1}`);

function titlesIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".test.ts"))
    .flatMap((file) => [...readFileSync(join(ROOT, folder, file), "utf8").matchAll(/^(?:test|\])\("([^"]+)"/gmu)])
    .map(([, title = ""]) => title);
}

test("every MUST of the authorization server has a test that carries its number", () => {
  const titles = titlesIn("tests/security");
  for (const must of MUSTS) {
    const here = titles.filter((title) => title.startsWith(`${must} `));
    const there = ELSEWHERE[must] === undefined ? [] : titlesIn(ELSEWHERE[must]);
    const shown = here.length + there.filter((title) => title.startsWith(`${must} `)).length > 0;
    expect([must, shown]).toEqual([must, true]);
  }
});
