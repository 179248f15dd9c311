import { expect, test } from "vitest";
import type { PendingSignIn } from "../interactions.ts";
import { renderIdentify } from "./identify-page.ts";
import { renderWaiting } from "./waiting-page.ts";

const frame = {
  uid: "uid-uid-uid",
  csrf: "csrf-token",
  site: { host: "relay.example.com", contact: null },
  notice: null,
};

function pending(client: Partial<PendingSignIn["client"]> = {}): PendingSignIn {
  return {
    uid: frame.uid,
    nonce: "nonce-of-sixteen-and-more",
    client: {
      clientId: "https://client.example/id?a=1&b=2",
      name: "Claude",
      redirectUri: "https://client.example/cb",
      redirectHost: "client.example",
      kind: "https",
      ...client,
    },
    resource: "https://relay.example.com/mcp",
    personaId: null,
    scopes: ["read", "write"],
  };
}

test("the extension finds its hidden form with what it signs", () => {
  const page = renderIdentify(frame, pending());
  const form = /<form\s+id="ap-extension"[^>]*>/u.exec(page)?.[0] ?? "";
  expect(form).toMatch(/ hidden\s*>$/u);
  expect(form).toContain('action="/sign-in/uid-uid-uid/extension"');
  expect(form).toContain('data-interaction="uid-uid-uid"');
  expect(form).toContain('data-client-id="https://client.example/id?a=1&amp;b=2"');
  expect(form).toContain('data-redirect-uri="https://client.example/cb"');
  expect(form).toContain('data-nonce="nonce-of-sixteen-and-more"');
  expect(page).toMatch(/<button[^>]*>[^]*?<span id="ap-extension-name"><\/span>[^]*?<\/button>/u);
});

test.each([
  ["HTML", "</dd><script>alert(1)</script><img src=x onerror=alert(1)>"],
  ["attributes", '" onfocus="alert(1)" autofocus="'],
  ["a closing title", "</title></head><body onload=alert(1)>"],
])("a name with %s stays text", (_, name) => {
  for (const page of [renderIdentify(frame, pending({ name })), renderWaiting(frame, pending({ name }))]) {
    expect(page).not.toMatch(/<script|<img|<[^>]* on\w+=/iu);
    expect(page.match(/<\/title>/gu)).toHaveLength(1);
  }
});

test("a name that turns or hides text, or is endless, is one short line", () => {
  const page = renderIdentify(frame, pending({ name: `\u202Eedualc\u2066 \u200B${"long ".repeat(400)}` }));
  expect(page).not.toMatch(/[\u200B-\u200F\u202A-\u202E\u2066-\u2069]/u);
  expect(page.match(/long/gu)?.length ?? 0).toBeLessThan(40);
});

test.each([
  ["a homoglyph", { name: "Clаude" }, "may imitate another client"],
  ["loopback", { kind: "loopback", redirectHost: "localhost:1234" } as const, "Any program on this computer"],
  ["a custom scheme", { kind: "custom", redirectHost: "cursor:" } as const, "Whichever program opens cursor: links"],
])("warns of %s", (_, client, text) => {
  expect(renderIdentify(frame, pending(client))).toContain(text);
  expect(renderIdentify(frame, pending())).not.toContain(text);
});

test("an unnamed client is called that", () => {
  expect(renderIdentify(frame, pending({ name: "\u202E\u200B" }))).toContain("An AI client without a name");
});
