import { ERRORS } from "@agent-personas/shared/errors/codes";
import { expect, test } from "vitest";
import { sources } from "./source-files.ts";

test("every code of the catalogue is named by something that runs", () => {
  const files = sources("shared/src", "relay/src", "relay/cli", "extension/src").filter(
    ({ path }) => path !== "shared/src/errors/codes.ts",
  );
  expect(files.length).toBeGreaterThanOrEqual(250);
  const text = files.map((file) => file.text).join("\n");
  expect(Object.keys(ERRORS).filter((code) => !text.includes(`"${code}"`))).toEqual([]);
});
