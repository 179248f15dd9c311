import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { authorizeUrl, discover, listTools, redeem, register, type ServerMetadata } from "../support/oauth-client.ts";
import { startDocumentNetwork, type DocumentNetwork } from "../support/document-network.ts";
import { signIn, textOf, walk } from "../support/sign-in.ts";
import { createCookieJar } from "../support/cookie-jar.ts";
import { startPersonRelay, type DeployedPersona, type PersonRelay } from "../support/person-relay.ts";
import { BORROWED, CONTINUE, DCR_CLIENTS, DOCUMENTS } from "./registration-fixtures.ts";

const TOOLS = ["Sample_echo", "Sample_send", "persona_account_info", "persona_read_more", "persona_wait_for_call"];

let internet: DocumentNetwork;
let person: PersonRelay;
let persona: DeployedPersona;
let accessKey: string;
let metadata: ServerMetadata;
let resource: string;

const registeredSchema = z.looseObject({
  client_id: z.string().min(1),
  client_id_issued_at: z.number(),
  redirect_uris: z.array(z.string()),
  token_endpoint_auth_method: z.string(),
});

beforeAll(async () => {
  internet = await startDocumentNetwork([...DOCUMENTS, BORROWED]);
  person = await startPersonRelay({ network: internet.network });
  persona = await person.deploy();
  accessKey = await person.createKey(persona.personaId);
  ({ metadata, resource } = await discover(persona.endpoint));
});

afterAll(async () => {
  await person?.[Symbol.asyncDispose]();
  await internet?.[Symbol.asyncDispose]();
});

test.each(DCR_CLIENTS)("$client registers, signs in and lists the tools", async (fixture) => {
  const registered = await register(metadata, fixture.body);
  expect(registered).toMatchObject({ status: 201 });
  const client = registeredSchema.parse(registered.body);
  expect(client.redirect_uris).toEqual(fixture.body["redirect_uris"]);
  expect(client.token_endpoint_auth_method).toBe("none");
  expect(registered.body).not.toHaveProperty("client_secret");
  for (const redirectUri of fixture.redirects) {
    expect(await connect(client.client_id, redirectUri, fixture)).toEqual(TOOLS);
  }
});

test.each(DOCUMENTS)("$client is known by its document, signs in and lists the tools", async ({ id, redirects }) => {
  for (const redirectUri of redirects) {
    expect(await connect(id, redirectUri, { scope: "read write" })).toEqual(TOOLS);
  }
  expect(internet.asked).toContain(id);
});

test("a document that names another client, or is not there, is no client", async () => {
  for (const clientId of ["https://borrowed.example/client.json", "https://nowhere.example/client.json"]) {
    const request = { clientId, redirectUri: "https://borrowed.example/back", resource, scope: null };
    const { left, page } = await walk(authorizeUrl(metadata, request).url, createCookieJar());
    expect([left, page.status]).toEqual([null, 400]);
  }
});

test("the same registration twice is one client", async () => {
  const [body] = DCR_CLIENTS.map((fixture) => fixture.body);
  const [first, second] = [await register(metadata, body), await register(metadata, body)];
  expect(registeredSchema.parse(first.body).client_id).toBe(registeredSchema.parse(second.body).client_id);
});

test("Continue registers an address with a state in it, comes back to the bare one, and gets in", async () => {
  const { client_id: clientId } = registeredSchema.parse((await register(metadata, CONTINUE.body)).body);
  expect(await connect(clientId, CONTINUE.redirect, { scope: null })).toEqual(TOOLS);
});

test("any other address than the registered one is told the way out, and nothing goes there", async () => {
  const { client_id: clientId } = registeredSchema.parse((await register(metadata, CONTINUE.body)).body);
  const request = { clientId, redirectUri: "http://localhost:3000/elsewhere", resource, scope: null };
  const { left, page } = await walk(authorizeUrl(metadata, request).url, createCookieJar());
  expect([left, page.status]).toEqual([null, 400]);
  expect(textOf(page.html)).toContain("Connect it with an access key instead");
});

/** The client's whole way from authorize to the names of the tools. */
async function connect(
  clientId: string,
  redirectUri: string,
  asks: { scope: string | null; resource?: boolean },
): Promise<string[]> {
  const sent = (asks.resource ?? true) ? resource : null;
  const { url, verifier, state } = authorizeUrl(metadata, { clientId, redirectUri, resource: sent, scope: asks.scope });
  const back = await signIn(url, { accessKey });
  expect(back.href.startsWith(redirectUri)).toBe(true);
  expect(back.searchParams.get("state")).toBe(state);
  expect(back.searchParams.get("iss")).toBe(metadata.issuer);
  const code = back.searchParams.get("code") ?? "";
  const tokens = await redeem(metadata, { code, clientId, redirectUri, verifier, resource: sent });
  const listed = await listTools(persona.endpoint, tokens.access_token);
  expect(listed.status).toBe(200);
  return listed.names;
}
