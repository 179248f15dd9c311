import { expect, test } from "vitest";
import { askTokens, register } from "../support/oauth-client.ts";
import { errorOf, REDIRECT, startWorld } from "../support/oauth-world.ts";

test("A1 the redirect address must be exactly the registered one, and a wrong one is never gone to", async () => {
  await using world = await startWorld();
  const client = await world.client("https://h.example/cb");
  for (const redirectUri of [
    "https://h.example/cb/",
    "https://h.example/cb?x=1",
    "HTTPS://H.example/cb",
    "https://h.example/cb%2f",
    "https://h.example:443/cb",
    "https://h.example/x/../cb",
    "https://h.example/cb#x",
    "https://u@h.example/cb",
  ]) {
    const { left, page } = await world.open({ ...client, redirectUri });
    expect([redirectUri, left, page.status]).toEqual([redirectUri, null, 400]);
  }
  expect((await world.open(client)).page.status).toBe(200);
});

test("A2 any port of a registered loopback address, and nothing else of it may differ", async () => {
  await using world = await startWorld();
  for (const host of ["localhost", "127.0.0.1", "[::1]"]) {
    const client = await world.client(`http://${host}/callback`);
    for (const redirectUri of [`http://${host}:49876/callback`, `http://${host}:1/callback`]) {
      const { page } = await world.open({ ...client, redirectUri });
      expect([redirectUri, page.status]).toEqual([redirectUri, 200]);
    }
    const others = ["localhost", "127.0.0.1", "[::1]"].filter((other) => other !== host);
    for (const redirectUri of [
      `http://${host}.evil.com/callback`,
      `http://${host}@evil.com/callback`,
      `http://${host}:49876@evil.com/callback`,
      `http://${host}:49876/other`,
      `http://${host}:49876/callback?x=1`,
      `https://${host}:49876/callback`,
      ...others.map((other) => `http://${other}:49876/callback`),
    ]) {
      const { left, page } = await world.open({ ...client, redirectUri });
      expect([redirectUri, left, page.status]).toEqual([redirectUri, null, 400]);
    }
  }
});

test("A3 an unknown client or address is told on a page, with what was sent escaped, and nothing redirects", async () => {
  await using world = await startWorld();
  const client = await world.client();
  const hostile = '"><script>alert(1)</script>';
  for (const asked of [
    { clientId: hostile, redirectUri: REDIRECT },
    { clientId: "nobody", redirectUri: "https://evil.example/" },
    { ...client, redirectUri: `https://evil.example/${hostile}` },
  ]) {
    const { left, page } = await world.open(asked, { change: { state: hostile } });
    expect(left).toBeNull();
    expect(page.status).toBeGreaterThanOrEqual(400);
    expect(page.html).not.toContain("<script>alert");
  }
});

test("A4 schemes that run code or read files, fragments and userinfo are no redirect addresses", async () => {
  await using world = await startWorld();
  for (const redirectUri of [
    "javascript:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "blob:https://h.example/1",
    "file:///etc/passwd",
    "https://h.example/cb#fragment",
    "https://user:word@h.example/cb",
    "http://192.168.1.5/cb",
    "http://h.example/cb",
    "not an address",
  ]) {
    const answer = await register(world.metadata, { client_name: "x", redirect_uris: [redirectUri] });
    expect([redirectUri, answer.status, errorOf(answer.body)]).toEqual([redirectUri, 400, "invalid_redirect_uri"]);
  }
});

test("A16 every redirect names the issuer, with a code and with an error", async () => {
  await using world = await startWorld();
  const client = await world.client();
  const allowed = await world.code(client);
  const denied = await world.code(client, {}, { decide: "Deny" });
  const failed = await world.open(client, { change: { response_type: "token" } });
  expect(errorOf(denied.left)).toBe("access_denied");
  expect(failed.left).not.toBeNull();
  for (const left of [allowed.left, denied.left, failed.left]) {
    expect(left?.searchParams.get("iss") ?? new URLSearchParams(left?.hash.slice(1)).get("iss")).toBe(
      world.metadata.issuer,
    );
  }
  expect(world.metadata["authorization_response_iss_parameter_supported"]).toBe(true);
});

test("A24 the client's state comes back untouched", async () => {
  await using world = await startWorld();
  const client = await world.client();
  for (const state of ["s", "ü ✓ &=?#%2F+ \"'<>", "x".repeat(2_048)]) {
    const { left } = await world.code(client, { change: { state } });
    expect(left.searchParams.get("state")).toBe(state);
  }
  const without = await world.code(client, { change: { state: null } });
  expect(without.left.searchParams.has("state")).toBe(false);
});

test("A37 a request that wants no page gets an error and never a code", async () => {
  await using world = await startWorld();
  const client = await world.client();
  await world.tokens(client);
  const { left } = await world.open(client, { change: { prompt: "none" } });
  expect(left?.href.startsWith(client.redirectUri)).toBe(true);
  expect(["login_required", "consent_required", "interaction_required"]).toContain(left && errorOf(left));
  expect(left?.searchParams.has("code")).toBe(false);
  const implicit = await askTokens(world.metadata, { grant_type: "password", client_id: client.clientId });
  expect([implicit.status, errorOf(implicit.body)]).toEqual([400, "unsupported_grant_type"]);
});
