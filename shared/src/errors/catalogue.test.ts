import { expect, test } from "vitest";
import { AppError, errorText } from "./app-error.ts";
import { ERRORS, isErrorCode, type ErrorCode } from "./codes.ts";

const codes = Object.keys(ERRORS).filter(isErrorCode);

test.each(codes)("%s has a title, a whole sentence and a next step, with and without facts", (code: ErrorCode) => {
  const entry = ERRORS[code];
  expect(code).toMatch(/^[a-z]+(?:_[a-z]+)*$/u);
  expect(entry.title).toMatch(/^[A-Z].{3,}[^.]$/u);
  for (const detail of [
    {},
    { app: "GitLab", reason: "refused by the app", tool: "x", since: "today", retryAfter: "3" },
  ]) {
    expect(entry.text(detail)).not.toMatch(/undefined|\[object|!/u);
    expect(entry.text(detail).length).toBeGreaterThan(8);
    expect(entry.next(detail)).toMatch(/^[A-Z][^!]*\.$/u);
  }
  expect(entry.text({})).toMatch(/^[A-Z“].*\.$/u);
  expect(entry.status).toBeGreaterThanOrEqual(400);
});

test("server faults never carry a client's status and the reverse", () => {
  expect(ERRORS.invalid_token.status).toBe(401);
  expect(ERRORS.insufficient_scope.status).toBe(403);
  expect(ERRORS.session_unknown.status).toBe(404);
  expect(ERRORS.session_missing.status).toBe(400);
  expect(ERRORS.rate_limited.status).toBe(429);
  expect(ERRORS.internal_error.status).toBe(500);
});

test("the text for callers ends with the code and where to read more", () => {
  const text = errorText(new AppError("owner_offline", { detail: { since: "09:12" } }), "https://relay.example");
  expect(text).toMatch(/offline since 09:12\. Nothing was executed\./u);
  expect(text).toContain("(owner_offline, https://relay.example/help#owner_offline)");
});

test("an app without a name is written small inside a sentence", () => {
  for (const [code, { text, next }] of Object.entries(ERRORS)) {
    expect(`${text({})} ${next({})}`, code).not.toMatch(/[^.!?] The app/u);
  }
});
