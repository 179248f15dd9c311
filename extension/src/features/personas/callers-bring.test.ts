import { createId } from "@agent-personas/shared/primitives/id";
import type { JwtCheck, Passthrough } from "@agent-personas/shared/persona/passthrough";
import { expect, test } from "vitest";
import { personaTool, personaVersion } from "../../test-support/rows.ts";
import { callersBring, toolsInReach } from "./callers-bring.ts";

const open = createId("slot");
const closed = createId("slot");
const local = createId("slot");
const jwt: JwtCheck = { keys: { from: "url", url: "https://login.example/keys" }, issuer: null, audience: null };
const passthrough: Passthrough = { headers: [], jwt, scopes: ["read", "destructive"] };
const slotOf = (slotId: string, appUrl: string, usesForwardedHeaders: boolean) => ({
  slotId,
  appUrl,
  appName: "GitLab",
  prefix: "GitLab",
  usesForwardedHeaders,
});
const version = personaVersion({
  inbound: { accessKeys: false, interactive: false, passthrough },
  slots: [
    slotOf(open, "https://gitlab.example/mcp", true),
    slotOf(closed, "https://jira.example/mcp", false),
    slotOf(local, "http://localhost:3000/mcp", true),
  ],
  tools: [
    personaTool(open, "search"),
    personaTool(open, "create", { riskClass: "write" }),
    personaTool(open, "drop", { riskClass: "destructive", policy: "never" }),
    personaTool(closed, "find"),
    personaTool(local, "query"),
  ],
});
const names = (changes: Parameters<typeof personaVersion>[0]) =>
  toolsInReach({ ...version, ...changes }).map(({ originalName }) => originalName);

test("says who brings the apps' credentials", () => {
  expect(callersBring(version)).toBe("all");
  expect(callersBring({ inbound: { accessKeys: true, interactive: false, passthrough } })).toBe("some");
  expect(callersBring({ inbound: { accessKeys: true, interactive: true } })).toBe("nothing");
});

test("where only passthrough opens a persona, its callers see what they may call", () => {
  expect(names({})).toEqual(["search", "query"]);
});

test("without a token, apps of this computer are not in reach", () => {
  expect(names({ inbound: { ...version.inbound, passthrough: { ...passthrough, jwt: null } } })).toEqual(["search"]);
});

test("with another way in, all tools are", () => {
  expect(names({ inbound: { ...version.inbound, accessKeys: true } })).toHaveLength(5);
});
