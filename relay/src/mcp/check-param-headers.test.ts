import { createId } from "@agent-personas/shared/primitives/id";
import { ProtocolError } from "@modelcontextprotocol/server";
import { expect, test } from "vitest";
import { publishTools } from "../personas/publish-tools.ts";
import { testTool, testVersion } from "../test-support/test-persona.ts";
import { checkParamHeaders } from "./check-param-headers.ts";

const tool = testTool("say", "read");
const version = testVersion(createId("device"), {
  lossless: true,
  tools: [
    {
      ...tool,
      definition: {
        ...tool.definition,
        inputSchema: {
          type: "object",
          properties: {
            region: { type: "string", "x-mcp-header": "Region" },
            deep: { type: "object", properties: { count: { type: "integer", "x-mcp-header": "Count" } } },
            dry: { type: "boolean", "x-mcp-header": "Dry" },
          },
        },
      },
    },
  ],
});
const persona = {
  personaId: version.personaId,
  slug: "release-bot-abcdef",
  ownerId: createId("user"),
  version,
  ...publishTools(version),
};

function check(given: unknown, headers: Record<string, string> = {}, name = "Echo_say"): string | null {
  const body = { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name, arguments: given } };
  try {
    checkParamHeaders(body, new Headers(headers), { persona, client: "test" });
    return null;
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return error.code === -32_020 ? error.message : `another error: ${error.code}`;
  }
}

const encoded = (text: string | Buffer) => `=?base64?${Buffer.from(text).toString("base64")}?=`;

test("wants the header of each marked argument that is given, and of no other", () => {
  expect(check({})).toBeNull();
  expect(check({ region: null, other: "x" })).toBeNull();
  expect(check({ region: "eu" })).toContain("Mcp-Param-Region: region is given, but the header is missing");
  expect(check({ region: "eu" }, { "mcp-param-region": "eu" })).toBeNull();
  expect(check({ deep: { count: 3 } })).toContain("deep.count");
  expect(check({ region: "eu" }, {}, "Echo_unknown")).toBeNull();
  expect(check({}, { "mcp-param-region": "us" })).toBeNull();
});

test("refuses another value than the one that is executed", () => {
  expect(check({ region: "eu" }, { "mcp-param-region": "us" })).toContain("another value");
  expect(check({ region: "eu" }, { "mcp-param-region": "EU" })).toContain("another value");
  expect(check({ dry: true }, { "mcp-param-dry": "true" })).toBeNull();
  expect(check({ dry: true }, { "mcp-param-dry": "1" })).toContain("another value");
  expect(check({ deep: { count: 42 } }, { "mcp-param-count": "42.0" })).toBeNull();
  expect(check({ deep: { count: 42 } }, { "mcp-param-count": "4.2e1" })).toContain("another value");
});

test("reads what is not ASCII in base64, and refuses what is not base64 of text", () => {
  expect(check({ region: "Zürich" }, { "mcp-param-region": encoded("Zürich") })).toBeNull();
  expect(check({ region: "" }, { "mcp-param-region": encoded("") })).toBeNull();
  expect(check({ region: "eu" }, { "mcp-param-region": "=?base64?###?=" })).toContain("cannot be read");
  expect(check({ region: "eu" }, { "mcp-param-region": encoded(Buffer.from([0xff])) })).toContain("cannot be read");
});
