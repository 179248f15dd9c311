import { expect, test } from "vitest";
import { startForeignWorld, type ForeignWorld } from "../support/foreign-world.ts";

const PUBLIC = "93.184.215.14";

/** Asks the endpoint for its tools with a token and the header of the app. */
async function ask(url: string, token: string): Promise<number> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${token}`, "x-api-key": "value" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" }),
  });
  await response.text();
  return response.status;
}

/** No session was named: the guards of the credential let it pass. */
const ADMITTED = 400;

test("A26 keys of an issuer come only from the public https address that the owner saved, and not at every call", async () => {
  await using world: ForeignWorld = await startForeignWorld();
  const persona = await world.deployPassthrough();
  const asked: string[] = [];
  const elsewhere = { addresses: [PUBLIC], answer: () => void asked.push("evil.example") };
  world.hosts.set("evil.example", elsewhere);
  const evil = { jku: "https://evil.example/keys", x5u: "https://evil.example/cert" };
  // What the token says of keys leads nowhere, nor does its issuer's name.
  expect(await ask(persona.url, await world.issuer.token({ aud: persona.url }, evil))).toBe(ADMITTED);
  const named = await world.issuer.token({ aud: persona.url, iss: "https://evil.example" }, { ...evil, kid: "none" });
  expect(await ask(persona.url, named)).toBe(401);
  expect(asked).toEqual([]);

  for (let n = 0; n < 30; n += 1) {
    const token = await world.issuer.token({ aud: persona.url }, { kid: `unknown-${n}` });
    expect(await ask(persona.url, token)).toBe(401);
  }
  expect(world.dialled).toEqual([`${PUBLIC} login.example`]);
  world.clock.now += 31_000;
  const later = await world.issuer.token(
    { aud: persona.url, exp: Math.floor(world.clock.now / 1_000) + 600 },
    { kid: "unknown" },
  );
  expect(await ask(persona.url, later)).toBe(401);
  expect(world.dialled).toHaveLength(2);

  for (const url of ["http://login.example/keys", "https://user:password@login.example/keys", "file:///etc/passwd"]) {
    const check = { keys: { from: "url", url }, issuer: null, audience: null };
    const tried = await world.device.send("POST", "/passthrough/tries", { personaId: null, check, token: "x" });
    expect([url, tried.status]).toEqual([url, 400]);
  }
  for (const host of ["127.0.0.1", "[::1]", "169.254.169.254", "10.0.0.1", "[::ffff:127.0.0.1]", "2130706433"]) {
    const check = world.check({ from: "url", url: `https://${host}/keys` });
    const token = await world.issuer.token({});
    const tried = await world.device.send("POST", "/passthrough/tries", { personaId: null, check, token });
    expect([host, tried.status]).toEqual([host, 200]);
    expect(tried.body).toMatchObject({ accepted: false });
  }
  expect(world.dialled).toHaveLength(2);
});
