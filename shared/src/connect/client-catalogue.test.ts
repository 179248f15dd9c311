import { expect, test } from "vitest";
import { CONNECT_CLIENTS, entryName, type ConnectInput } from "./client-catalogue.ts";

const byKey: ConnectInput = {
  name: "sre-agent",
  url: "https://relay.example/k/sre-agent-abc234/mcp",
  accessKey: "ap_abc123_x_y",
};
const bySignIn: ConnectInput = {
  name: "sre-agent",
  url: "https://relay.example/p/sre-agent-abc234/mcp",
  accessKey: null,
};

const textsOf = (client: (typeof CONNECT_CLIENTS)[number], input: ConnectInput): string[] =>
  [client.quickSetup(input), client.manualSetup?.(input)]
    .filter((snippet) => snippet !== undefined)
    .map(({ kind, text }) => (kind === "link" ? atob(new URL(text).searchParams.get("config") ?? "") : text));

const ids = (way: "signIn" | "accessKey") =>
  CONNECT_CLIENTS.filter(({ afterwards }) => afterwards[way] !== null).map(({ id }) => id);

const shape = (id: string, input: ConnectInput): unknown => {
  const snippet = CONNECT_CLIENTS.find((client) => client.id === id)?.manualSetup?.(input);
  return JSON.parse(snippet?.text ?? "null");
};

test.each(CONNECT_CLIENTS.filter(({ afterwards }) => afterwards.accessKey !== null))(
  "$title with a key: every snippet has both",
  (client) => {
    for (const text of textsOf(client, byKey)) {
      expect(text).toContain(byKey.url);
      expect(text).toContain(`Bearer ${byKey.accessKey}`);
    }
  },
);

test.each(CONNECT_CLIENTS.filter(({ afterwards }) => afterwards.signIn !== null))(
  "$title by sign-in: the address and no header",
  (client) => {
    for (const text of textsOf(client, bySignIn)) {
      expect(text).toContain(bySignIn.url);
      expect(text).not.toMatch(/bearer|authorization|header|null/iu);
    }
  },
);

test("clients of the cloud take an address only, and raw HTTP a key only", () => {
  expect(ids("signIn")).toEqual(["claude-ai", "chatgpt", "claude-code", "cursor", "vscode"]);
  expect(ids("accessKey")).toEqual(["claude-code", "cursor", "vscode", "http"]);
});

test("configuration files have the shape each client reads", () => {
  const headers = { Authorization: "Bearer ap_abc123_x_y" };
  const { url } = byKey;
  expect(shape("claude-code", byKey)).toEqual({ mcpServers: { "sre-agent": { type: "http", url, headers } } });
  expect(shape("cursor", byKey)).toEqual({ mcpServers: { "sre-agent": { url, headers } } });
  expect(shape("vscode", byKey)).toEqual({ servers: { "sre-agent": { type: "http", url, headers } } });
  expect(shape("cursor", bySignIn)).toEqual({ mcpServers: { "sre-agent": { url: bySignIn.url } } });
  expect(shape("vscode", bySignIn)).toEqual({ servers: { "sre-agent": { type: "http", url: bySignIn.url } } });
});

test("Claude Code is added by one command", () => {
  const claude = CONNECT_CLIENTS.find(({ id }) => id === "claude-code");
  expect(claude?.quickSetup(bySignIn).text).toBe(
    "claude mcp add --transport http sre-agent https://relay.example/p/sre-agent-abc234/mcp",
  );
});

test("an entry name has only what every client takes", () => {
  expect(entryName("Añe's SRE Agent!")).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/u);
  expect(entryName("—")).toBe("persona");
});
