import { expect, test } from "vitest";
import { CONNECT_CLIENTS, entryName } from "./client-catalogue.ts";

const input = {
  name: "sre-agent",
  keyEndpoint: "https://relay.example/k/sre-agent-abc234/mcp",
  accessKey: "ap_abc123_x_y",
};

test.each(CONNECT_CLIENTS)("$title: every snippet carries address and key", (client) => {
  const snippets = [client.quickSetup(input), client.manualSetup?.(input)].filter((snippet) => snippet !== undefined);
  for (const snippet of snippets) {
    const text = snippet.text.startsWith("cursor:")
      ? atob(new URL(snippet.text).searchParams.get("config") ?? "")
      : snippet.text;
    expect(text).toContain(input.keyEndpoint);
    expect(text).toContain(`Bearer ${input.accessKey}`);
  }
});

test("configuration files have the shape each client reads", () => {
  const shape = (id: string): unknown => {
    const snippet = CONNECT_CLIENTS.find((client) => client.id === id)?.manualSetup?.(input);
    return JSON.parse(snippet?.text ?? "null");
  };
  const headers = { Authorization: "Bearer ap_abc123_x_y" };
  expect(shape("claude-code")).toEqual({
    mcpServers: { "sre-agent": { type: "http", url: input.keyEndpoint, headers } },
  });
  expect(shape("cursor")).toEqual({ mcpServers: { "sre-agent": { url: input.keyEndpoint, headers } } });
  expect(shape("vscode")).toEqual({ servers: { "sre-agent": { type: "http", url: input.keyEndpoint, headers } } });
});

test("an entry name has only what every client takes", () => {
  expect(entryName("Añe's SRE Agent!")).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/u);
  expect(entryName("—")).toBe("persona");
});
