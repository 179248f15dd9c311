import { expect, test } from "vitest";
import { authorizeParameters, startTestAuthorization } from "../test-support/authorization-server.ts";

const read = async (address: string): Promise<{ status: number; body: Record<string, unknown> }> => {
  const answer = await fetch(address);
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};

test("a persona's resource document is found before and after its path, and names it byte for byte", async () => {
  await using relay = await startTestAuthorization();
  const { slug } = await relay.owner.publish({ inbound: { accessKeys: true, interactive: true } });
  const resource = `${relay.url}/p/${slug}/mcp`;
  for (const address of [
    `${relay.url}/.well-known/oauth-protected-resource/p/${slug}/mcp`,
    `${resource}/.well-known/oauth-protected-resource`,
  ]) {
    expect(await read(address)).toMatchObject({
      status: 200,
      body: { resource, authorization_servers: [relay.url], scopes_supported: ["read", "write"] },
    });
  }
});

test("the bare relay has a document for each of its spellings", async () => {
  await using relay = await startTestAuthorization();
  const root = await read(`${relay.url}/.well-known/oauth-protected-resource`);
  expect(root.body["resource"]).toBe(relay.url);
  const path = await read(`${relay.url}/.well-known/oauth-protected-resource/mcp`);
  expect(path.body["resource"]).toBe(`${relay.url}/mcp`);
});

test("the server's document has one issuer wherever it is read, and says what the engine does", async () => {
  await using relay = await startTestAuthorization();
  const { slug } = await relay.owner.publish({ inbound: { accessKeys: true, interactive: true } });
  for (const name of ["oauth-authorization-server", "openid-configuration"]) {
    for (const address of [
      `/.well-known/${name}`,
      `/.well-known/${name}/mcp`,
      `/.well-known/${name}/p/${slug}/mcp`,
      `/p/${slug}/mcp/.well-known/${name}`,
      `/mcp/.well-known/${name}`,
    ]) {
      expect(await read(`${relay.url}${address}`)).toMatchObject({
        status: 200,
        body: {
          issuer: relay.url,
          authorization_endpoint: `${relay.url}/authorize`,
          token_endpoint: `${relay.url}/token`,
          registration_endpoint: `${relay.url}/register`,
          code_challenge_methods_supported: ["S256"],
          authorization_response_iss_parameter_supported: true,
          client_id_metadata_document_supported: true,
        },
      });
    }
  }
});

test("there is no document for the keys' endpoint, an unknown persona, or one without sign-in", async () => {
  await using relay = await startTestAuthorization();
  const { slug } = await relay.owner.publish({ inbound: { accessKeys: true, interactive: false } });
  const { slug: open } = await relay.owner.publish({ inbound: { accessKeys: true, interactive: true } });
  for (const name of ["oauth-protected-resource", "oauth-authorization-server", "openid-configuration"]) {
    for (const path of [`/k/${open}/mcp`, `/p/${slug}/mcp`, `/p/x${open}/mcp`, `/p/none/mcp`]) {
      expect((await fetch(`${relay.url}/.well-known/${name}${path}`)).status).toBe(404);
    }
  }
});

test("behind a proxy everything is under the public address, and cookies are for https only", async () => {
  const env = { PUBLIC_URL: "https://relay.example.com", TRUST_PROXY: "true" };
  await using relay = await startTestAuthorization({ env });
  const { personaId } = await relay.owner.publish({ inbound: { accessKeys: true, interactive: true } });
  relay.decide({ personaId });
  const local = `http://127.0.0.1:${relay.port}`;
  const headers = { "x-forwarded-host": "relay.example.com", "x-forwarded-proto": "https" };
  const body = JSON.stringify({ redirect_uris: ["https://h/cb"] });
  const registered = await fetch(`${local}/register`, {
    method: "POST",
    headers: { ...headers, "content-type": "application/json" },
    body,
  });
  const { client_id } = (await registered.json()) as { client_id: string };
  const query = new URLSearchParams({ ...authorizeParameters(client_id), redirect_uri: "https://h/cb" });
  const answer = await fetch(`${local}/authorize?${query.toString()}`, { headers, redirect: "manual" });
  expect(answer.headers.get("location")).toMatch(/^\/sign-in\//u);
  const cookies = answer.headers.getSetCookie();
  expect(cookies.map((cookie) => cookie.split("=")[0])).toEqual(["__Secure-ap-sign-in", "__Secure-ap-resume"]);
  for (const cookie of cookies) expect(cookie).toMatch(/samesite=lax; secure; httponly/u);
  const forged = await fetch(`${local}/authorize?${query.toString()}`, {
    headers: { "x-forwarded-host": "evil.example" },
    redirect: "manual",
  });
  expect(forged.headers.get("location")).toMatch(/^https:\/\/relay\.example\.com\/authorize\?/u);
});
