import { request as httpRequest } from "node:http";
import { apiErrorSchema } from "@agent-personas/shared/api/devices";
import { ERRORS } from "@agent-personas/shared/errors/codes";
import { TUNNEL_NAMESPACE } from "@agent-personas/shared/tunnel/handshake";
import { io } from "socket.io-client";
import { expect, test } from "vitest";
import { startTestRelay, type TestRelay } from "../test-support/whole-relay.ts";

type Raw = { status: number; headers: Record<string, unknown>; text: string };

/** Raw, since `fetch` chooses Host and Origin itself. */
function send(
  relay: TestRelay,
  path: string,
  options: { headers?: Record<string, string>; method?: string; body?: string } = {},
) {
  return new Promise<Raw>((resolve, reject) => {
    const { port } = new URL(relay.url);
    const headers = { host: `localhost:${port}`, ...options.headers };
    const sent = httpRequest(
      { host: "127.0.0.1", port, path, method: options.method ?? "GET", headers },
      (response) => {
        let text = "";
        response.on("data", (chunk) => (text += String(chunk)));
        response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
      },
    );
    sent.on("error", reject);
    sent.end(options.body);
  });
}

const codeOf = (raw: Raw): string => apiErrorSchema.parse(JSON.parse(raw.text)).error.code;

test("only its own host is answered, in every spelling of loopback", async () => {
  await using relay = await startTestRelay();
  const { port } = new URL(relay.url);
  for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`]) {
    expect((await send(relay, "/api/v1/relay", { headers: { host } })).status).toBe(200);
  }
  for (const host of ["evil.example", `evil.example:${port}`, "localhost:1", `localhost:${port}@evil.example`]) {
    const refused = await send(relay, "/api/v1/relay", { headers: { host } });
    expect([refused.status, codeOf(refused)]).toEqual([403, "host_forbidden"]);
  }
});

test("a page of another origin is refused with the setting that would let it in", async () => {
  await using relay = await startTestRelay({ ALLOWED_ORIGINS: "https://app.example.com" });
  for (const origin of ["https://evil.example", "null", "http://localhost:1", "chrome-extension://a/b"]) {
    const refused = await send(relay, "/api/v1/relay", { headers: { origin } });
    expect([refused.status, codeOf(refused)]).toEqual([403, "origin_forbidden"]);
    expect(refused.text).toContain("ALLOWED_ORIGINS");
    expect(refused.headers["access-control-allow-origin"]).toBeUndefined();
  }
});

test("extensions, the relay itself and listed origins may read answers, without credentials", async () => {
  await using relay = await startTestRelay({ ALLOWED_ORIGINS: "https://app.example.com" });
  for (const origin of ["chrome-extension://abcdef", "moz-extension://1-2", relay.url, "https://app.example.com"]) {
    const answer = await send(relay, "/api/v1/relay", { headers: { origin } });
    expect(answer.status).toBe(200);
    expect(answer.headers["access-control-allow-origin"]).toBe(origin);
    expect(answer.headers["access-control-allow-credentials"]).toBeUndefined();
    expect(answer.headers["access-control-expose-headers"]).toMatch(/WWW-Authenticate, Mcp-Session-Id/u);
  }
  const preflight = await send(relay, "/mcp", {
    method: "OPTIONS",
    headers: {
      origin: "https://app.example.com",
      "access-control-request-method": "POST",
      "access-control-request-headers": "authorization,mcp-session-id",
    },
  });
  expect(preflight.status).toBe(204);
  expect(preflight.headers["access-control-allow-headers"]).toBe("authorization,mcp-session-id");
});

test("a page of any origin may find out how to sign in and fetch its tokens, and nothing beside that", async () => {
  await using relay = await startTestRelay();
  const origin = "https://client.example";
  for (const path of ["/.well-known/oauth-authorization-server", "/token", "/register", "/revoke", "/jwks"]) {
    const answer = await send(relay, path, { headers: { origin } });
    expect([path, answer.headers["access-control-allow-origin"]]).toEqual([path, "*"]);
    const headers = { origin, "access-control-request-method": "POST" };
    const preflight = await send(relay, path, { method: "OPTIONS", headers });
    expect([path, preflight.status, preflight.headers["access-control-allow-origin"]]).toEqual([path, 204, "*"]);
    expect(preflight.headers["access-control-allow-credentials"]).toBeUndefined();
  }
  for (const path of ["/authorize", "/sign-in/x", "/tokens", "/mcp", "/x/.well-known/a", "/api/v1/relay"]) {
    const refused = await send(relay, path, { headers: { origin } });
    expect([path, refused.status, refused.headers["access-control-allow-origin"]]).toEqual([path, 403, undefined]);
  }
});

test("a socket of another origin or host is refused before anybody looks at its token", async () => {
  await using relay = await startTestRelay();
  const { port } = new URL(relay.url);
  const refusal = async (extraHeaders: Record<string, string>): Promise<string> => {
    const socket = io(`${relay.url}${TUNNEL_NAMESPACE}`, {
      transports: ["websocket"],
      reconnection: false,
      extraHeaders,
    });
    const error = await new Promise<Error>((resolve) => socket.once("connect_error", resolve));
    socket.disconnect();
    return error.message;
  };
  expect(await refusal({ origin: "chrome-extension://abcdef" })).toBe("device_token_invalid");
  expect(await refusal({ host: `127.0.0.1:${port}` })).toBe("device_token_invalid");
  for (const headers of [{ origin: "https://evil.example" }, { origin: "null" }, { host: "evil.example" }]) {
    expect(await refusal(headers)).toBe("websocket error");
  }
});

test("malformed JSON, another content type, too much and nothing there have their own answers", async () => {
  await using relay = await startTestRelay();
  const post = (body: string, type = "application/json") =>
    send(relay, "/api/v1/devices", { method: "POST", body, headers: { "content-type": type } });
  const broken = await post("{");
  expect([broken.status, codeOf(broken)]).toEqual([400, "invalid_request"]);
  const wrong = await post("{}");
  expect([wrong.status, codeOf(wrong)]).toEqual([400, "invalid_request"]);
  expect(wrong.text).toContain("publicKey");
  const typed = await post("code=1", "application/x-www-form-urlencoded");
  expect([typed.status, codeOf(typed)]).toEqual([415, "invalid_request"]);
  const large = await post(`"${"x".repeat(10_000_000)}"`);
  expect([large.status, codeOf(large)]).toEqual([413, "payload_too_large"]);
  const nowhere = await send(relay, "/api/v1/nothing");
  expect([nowhere.status, codeOf(nowhere)]).toEqual([404, "not_found"]);
  const posted = await send(relay, "/nothing", {
    method: "POST",
    body: "<a/>",
    headers: { "content-type": "text/xml" },
  });
  expect([posted.status, codeOf(posted)]).toEqual([404, "not_found"]);
  expect((await send(relay, "/.well-known/nothing")).status).toBe(404);
});

test("a refusal carries text, next step, help address, request id and the relay's time", async () => {
  await using relay = await startTestRelay();
  const refused = await send(relay, "/api/v1/me");
  expect(refused.headers["content-type"]).toMatch(/^application\/json/u);
  const { error } = apiErrorSchema.parse(JSON.parse(refused.text));
  expect(error).toMatchObject({ help: `${relay.url}/help#device_token_invalid`, serverTime: relay.clock.now });
  expect(refused.headers["x-request-id"]).toBe(error.requestId);
  expect(relay.logged()).toContain(error.requestId);
});

test("the help page has each code once, under its anchor and in the list of all, and runs no script", async () => {
  await using relay = await startTestRelay();
  const page = await send(relay, "/help");
  for (const code of Object.keys(ERRORS)) {
    expect(page.text.split(`id="${code}"`)).toHaveLength(2);
    expect(page.text.split(`href="#${code}"`)).toHaveLength(3);
  }
  expect(page.text).not.toContain("<script");
  expect(page.headers["content-security-policy"]).toMatch(
    /default-src 'none'.*style-src 'sha256-.*frame-ancestors 'none'/u,
  );
});

test.each([
  ["it@example.com", '<a href="mailto:it@example.com">it@example.com</a>'],
  ["https://help.example.com/relay", '<a href="https://help.example.com/relay">'],
  ["javascript:alert(1)", "Questions about this relay: javascript:alert(1)"],
  ['"><b>@example.com', "Questions about this relay: &quot;&gt;&lt;b&gt;@example.com"],
])("whoever answers questions is on every page, also of faults: %s", async (contact, shown) => {
  await using relay = await startTestRelay({ SUPPORT_CONTACT: contact });
  const accept = "text/html";
  for (const path of ["/", "/help", "/privacy", "/pair", "/nowhere", "/authorize", "/sign-in/none-none-none"]) {
    const { text } = await send(relay, path, { headers: { accept } });
    expect([path, text.replaceAll(/\s+/gu, " ").includes(shown)]).toEqual([path, true]);
  }
});

test("a person's browser gets a fault as a page with its text, next step and place in the help; a program as JSON", async () => {
  await using relay = await startTestRelay();
  const page = await send(relay, "/nowhere", { headers: { accept: "text/html,application/xhtml+xml" } });
  expect([page.status, page.headers["content-type"]]).toEqual([404, "text/html; charset=utf-8"]);
  expect(page.text).toContain("There is nothing at this address.");
  expect(page.text).toContain('href="/help#not_found"');
  expect(page.text).toContain(String(page.headers["x-request-id"]));
  for (const [method, accept] of [
    ["GET", "*/*"],
    ["GET", "application/json"],
    ["POST", "text/html"],
  ] as const) {
    expect(codeOf(await send(relay, "/nowhere", { method, headers: { accept } }))).toBe("not_found");
  }
});

test("a person who opens an MCP address reads what it is for, whatever is there; clients get the same refusal", async () => {
  await using relay = await startTestRelay();
  const pages = new Set<string>();
  for (const path of ["/mcp", "/p/none-aaaaaa/mcp", "/k/none-aaaaaa/mcp", "/x/none-aaaaaa/mcp"]) {
    const page = await send(relay, path, { headers: { accept: "text/html,*/*" } });
    const refusal = await send(relay, path, { headers: { accept: "text/event-stream" } });
    expect([page.status, page.headers["content-type"]]).toEqual([401, "text/html; charset=utf-8"]);
    expect(page.headers["www-authenticate"]).toBe(refusal.headers["www-authenticate"]);
    expect(refusal.headers["content-type"]).toContain("json");
    pages.add(page.text);
  }
  expect([...pages]).toEqual([expect.stringContaining("This address is for AI clients")]);
});

test("the privacy page says of relay, extension and AI client what each holds, and until when", async () => {
  await using relay = await startTestRelay();
  const { text } = await send(relay, "/privacy");
  for (const holder of ["This relay", "The extension", "The AI client"]) expect(text).toContain(`<h2>${holder}</h2>`);
  const rows = text.match(/<tr role="row">/gu)?.length ?? 0;
  expect(text.match(/data-column="Until"/gu)?.length).toBe(rows - 3);
});

test("a person who opens the relay reads what it is, also with the extension's pairing link", async () => {
  await using relay = await startTestRelay();
  const page = await send(relay, "/", { headers: { accept: "text/html,*/*" } });
  expect([page.status, page.headers["content-type"]]).toEqual([200, "text/html; charset=utf-8"]);
  expect(page.text).toContain(relay.url);
  expect((await send(relay, "/pair")).text).toContain("Paste this address");
  expect((await send(relay, "/", { headers: { accept: "text/event-stream" } })).status).toBe(401);
});

test("probes are answered whatever host they name", async () => {
  await using relay = await startTestRelay();
  for (const path of ["/healthz", "/readyz"]) {
    expect((await send(relay, path, { headers: { host: "10.0.0.7:1" } })).status).toBe(200);
  }
});
