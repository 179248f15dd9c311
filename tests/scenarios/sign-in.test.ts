import { grantsSchema, type Grant } from "@agent-personas/shared/api/grants";
import { expect, test } from "vitest";
import { startWorld, type World } from "../support/oauth-world.ts";
import { createCookieJar } from "../support/cookie-jar.ts";
import { readTokens } from "../support/oauth-client.ts";
import { sendForm, signIn, textOf, walk } from "../support/sign-in.ts";

const TOOLS = ["Sample_echo", "Sample_send", "persona_account_info", "persona_read_more", "persona_wait_for_call"];

async function grants(world: World): Promise<Grant[]> {
  const answer = await world.device.send("GET", `/personas/${world.persona.personaId}/grants`);
  return grantsSchema.parse(answer.body).grants;
}

test("a pasted key never opens another persona than its own", async () => {
  await using world = await startWorld();
  const other = await world.deploy("Other");
  const jar = createCookieJar();
  const start = await world.open(await world.client(), { resource: other.endpoint }, jar);
  const { left, page } = await sendForm(start.page, jar, { field: "key", values: { key: world.key } });
  expect(left).toBe(null);
  expect(textOf(page.html)).toContain("does not open what the client asks for");
  expect(page.forms.flatMap(({ buttons }) => buttons.map(({ text }) => text))).not.toContain("Allow");
});

test.each(["", "/", "/mcp", null])("at the bare relay (%s) the key's persona is served, and no other", async (path) => {
  await using world = await startWorld();
  const other = await world.deploy("Other");
  const { url } = world.relay;
  const { access_token: token } = await world.tokens(await world.client(), {
    resource: path === null ? null : `${url}${path}`,
  });
  for (const endpoint of [`${url}/`, `${url}/mcp`, world.persona.endpoint]) {
    expect(await world.list(token, endpoint)).toEqual({ status: 200, names: TOOLS });
  }
  expect((await world.list(token, other.endpoint)).status).toBe(401);
  expect((await world.list(token, world.persona.keyEndpoint)).status).toBe(401);
});

test("the person narrows what the client gets, and the client gets no more than that", async () => {
  await using world = await startWorld();
  const tokens = await world.tokens(
    await world.client(),
    { scope: "read write" },
    {
      edit: (fields) => [
        ...fields.filter(([name, value]) => !(name === "mode" || (name === "tool" && value !== "Sample_echo"))),
        ["mode", "frozen"],
      ],
    },
  );
  expect(await world.list(tokens.access_token)).toEqual({
    status: 200,
    names: ["Sample_echo", "persona_account_info", "persona_read_more", "persona_wait_for_call"],
  });
  expect(await grants(world)).toMatchObject([{ tools: ["Sample_echo"], client: { redirectHost: "client.example" } }]);

  const reading = await world.tokens(
    await world.client(),
    { scope: "read write" },
    {
      edit: (fields) => fields.filter(([name, value]) => !(name === "scope" && value === "write")),
    },
  );
  expect(reading["scope"]).toBe("read");
});

test("Deny tells the client, with its state and the issuer, and leaves nothing behind", async () => {
  await using world = await startWorld();
  const { url, state } = world.authorize(await world.client());
  const back = await signIn(url, { accessKey: world.key, decide: "Deny" });
  expect(Object.fromEntries(back.searchParams)).toMatchObject({
    error: "access_denied",
    state,
    iss: world.metadata.issuer,
  });
  expect(await grants(world)).toEqual([]);
});

test("going back, reloading and allowing twice make one grant", async () => {
  await using world = await startWorld();
  const jar = createCookieJar();
  const client = await world.client();
  const { url, verifier } = world.authorize(client);
  const start = await walk(url, jar);
  await walk(start.page.url, jar);
  const { page } = await sendForm(start.page, jar, { field: "key", values: { key: world.key } });
  const reloaded = await walk(page.url, jar);
  const [first, second] = [
    await sendForm(reloaded.page, jar, { button: "Allow" }),
    await sendForm(reloaded.page, jar, { button: "Allow" }),
  ];
  const left = first.left ?? new URL("none:");
  expect(second.left?.searchParams.has("code") ?? false).toBe(false);
  const code = left.searchParams.get("code") ?? "";
  const tokens = readTokens((await world.exchange({ code, verifier, client, left })).body);
  expect((await world.list(tokens.access_token)).status).toBe(200);
  expect(await grants(world)).toHaveLength(1);
});

test("no page of a sign-in with a key needs script", async () => {
  await using world = await startWorld();
  const jar = createCookieJar();
  const start = await world.open(await world.client(), {}, jar);
  const consent = await sendForm(start.page, jar, { field: "key", values: { key: world.key } });
  for (const { html } of [start.page, consent.page]) expect(html).not.toMatch(/<script|\son\w+=|javascript:/iu);
});
