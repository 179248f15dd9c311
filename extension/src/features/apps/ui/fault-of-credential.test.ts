import { expect, test } from "vitest";
import { faultOfCredential } from "./fault-of-credential.ts";
import { remedyOf } from "./remedy-of.ts";

const fault = { code: "app_needs_sign_in", detail: { app: "Tracker" } } as const;

test("headers that an app refuses are to be corrected, not signed in with", () => {
  const shown = faultOfCredential(fault, { credential: "headers" }, { headerNames: ["X-Api-Key"] });
  expect(shown).toEqual({ code: "header_invalid", detail: { header: "X-Api-Key" } });
  expect(remedyOf(shown.code)).toBe("headers");
});

test("a sign-in that is over stays one", () => {
  expect(faultOfCredential(fault, { credential: "oauth" }, { headerNames: [] })).toBe(fault);
  expect(faultOfCredential(fault, { credential: "headers" }, { headerNames: [] })).toBe(fault);
});

test.each(["connect_client_rejected", "connect_redirect_refused", "connect_client_refused"] as const)(
  "a client that an app refuses (%s) is to be chosen by hand",
  (code) => expect(remedyOf(code)).toBe("sign-in"),
);

test("a key or provider that cannot be used is to be corrected", () => {
  expect(remedyOf("client_key_invalid")).toBe("sign-in");
  expect(remedyOf("provider_url_forbidden")).toBe("sign-in");
});

test("what others have to allow is tried again", () => {
  expect(remedyOf("connect_permission")).toBe("allow");
  expect(remedyOf("connect_timeout")).toBe("connect");
  expect(remedyOf("connect_provider_refused")).toBe("connect");
  expect(remedyOf("connect_failed")).toBe("connect");
});
