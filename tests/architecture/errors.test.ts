import { errorText } from "@agent-personas/shared/errors/app-error";
import { ERRORS, isErrorCode } from "@agent-personas/shared/errors/codes";
import { expect, test } from "vitest";
import { sources } from "./source-files.ts";

const codes = Object.keys(ERRORS).filter(isErrorCode);

test.each(codes)("%s says what happened and what to do, also without any fact", (code) => {
  const entry = ERRORS[code];
  expect(code).toMatch(/^[a-z]+(?:_[a-z]+)*$/u);
  expect(entry.status).toBeGreaterThanOrEqual(400);
  expect(entry.title).toMatch(/^[A-Z].*[^.]$/u);
  for (const sentence of [entry.text({}), entry.next({})]) {
    expect(sentence).toMatch(/^[A-Z“].*\.$/u);
    expect(sentence).not.toMatch(/undefined|\[object|!/u);
  }
  expect(errorText({ code }, "https://relay.example")).toContain(`https://relay.example/help#${code}`);
});

test("every code that is thrown is in the catalogue", () => {
  const thrown = sources("shared/src", "relay/src", "extension/src").flatMap(({ path, text }) =>
    [...text.matchAll(/new AppError\(\s*"([^"]+)"/gu)].map(([, code = ""]) => ({ path, code })),
  );
  expect(thrown.length).toBeGreaterThanOrEqual(20);
  expect(thrown.filter(({ code }) => !isErrorCode(code))).toEqual([]);
});
