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

test("a client that an app refuses is to be made by hand; other faults are tried again", () => {
  expect(remedyOf("connect_client_rejected")).toBe("own-client");
  expect(remedyOf("connect_redirect_refused")).toBe("own-client");
  expect(remedyOf("connect_permission")).toBe("allow");
  expect(remedyOf("connect_timeout")).toBe("connect");
});
