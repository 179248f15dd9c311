import { apiErrorSchema } from "@agent-personas/shared/api/devices";
import { AppError } from "@agent-personas/shared/errors/app-error";
import { expect, test } from "vitest";
import { renderError } from "./render-error.ts";

const context = { publicUrl: "https://relay.example.com", requestId: "req_1", now: 5 };

test("an unexpected fault says nothing but its request id", () => {
  for (const thrown of [
    new Error("password=hunter2"),
    "hunter2",
    Object.assign(new Error("hunter2"), { statusCode: 502 }),
  ]) {
    const rendered = renderError(thrown, context);
    expect(rendered).toMatchObject({ status: 500, unexpected: true });
    expect(JSON.stringify(rendered)).not.toContain("hunter2");
    expect(apiErrorSchema.parse(rendered.body).error).toMatchObject({
      code: "internal_error",
      detail: { requestId: "req_1" },
    });
  }
});

test("a fault of the catalogue keeps its status, and the headers that clients act on", () => {
  const limited = renderError(new AppError("rate_limited", { detail: { retryAfter: "7" } }), context);
  expect(limited).toMatchObject({ status: 429, unexpected: false, headers: { "retry-after": "7" } });
  const refused = renderError(new AppError("device_token_invalid"), context);
  expect(refused).toMatchObject({ status: 401, headers: { "www-authenticate": 'Bearer error="invalid_token"' } });
  expect(refused.body.error.help).toBe("https://relay.example.com/help#device_token_invalid");
});
