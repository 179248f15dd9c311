import { createId } from "@agent-personas/shared/primitives/id";
import { expect, test } from "vitest";
import { testTool, testVersion } from "../test-support/test-persona.ts";
import { exposedNameOf } from "./app-views.ts";
import { publishTools } from "./publish-tools.ts";

const [one, two] = [createId("slot", 1), createId("slot", 2)];
const VIEW = "ui://chart/view.html";
const resource = { name: "view", uri: VIEW, mimeType: "text/html;profile=mcp-app" };

function tool(slotId: string, originalName: string, exposedName: string, _meta?: Record<string, unknown>) {
  const made = testTool(originalName, "read", { slotId, exposedName });
  return _meta === undefined ? made : { ...made, definition: { ...made.definition, _meta } };
}

const slot = (slotId: string, prefix: string) => ({
  slotId,
  appUrl: `https://${prefix.toLowerCase()}.example/mcp`,
  appName: prefix,
  prefix,
});
const version = testVersion(createId("device"), {
  slots: [slot(one, "One"), slot(two, "Two")],
  tools: [
    tool(one, "show", "One_show", { ui: { resourceUri: VIEW, visibility: ["model", "app"] }, "x-kept": 1 }),
    tool(one, "refresh", "One_refresh", { ui: { visibility: ["app"] } }),
    tool(two, "show", "Two_show", { "ui/resourceUri": VIEW }),
    tool(two, "only_two", "Two_only_two"),
  ],
  resources: [
    { slotId: one, exposedUri: VIEW, pin: "0".repeat(64), definition: resource },
    { slotId: two, exposedUri: `Two+${VIEW}`, pin: "0".repeat(64), definition: resource },
  ],
});

test("two apps with the same address of a view: each tool names the one that its callers can read", () => {
  const metas = Object.fromEntries(publishTools(version).tools.map((each) => [each.name, each["_meta"]]));
  expect(metas).toEqual({
    One_show: { ui: { resourceUri: VIEW, visibility: ["model", "app"] }, "x-kept": 1 },
    One_refresh: { ui: { visibility: ["app"] } },
    Two_show: { "ui/resourceUri": `Two+${VIEW}` },
    Two_only_two: undefined,
  });
});

test("a view's own names reach the tools of its app, unless another app with views has the same", () => {
  expect(exposedNameOf("refresh", version.tools)).toBe("One_refresh");
  expect(exposedNameOf("only_two", version.tools)).toBe("Two_only_two");
  expect(exposedNameOf("show", version.tools)).toBe("show");
  expect(exposedNameOf("Two_show", version.tools)).toBe("Two_show");
  expect(exposedNameOf("nothing", version.tools)).toBe("nothing");
});

test("apps without views are called by exposed names only", () => {
  const plain = [tool(one, "say", "One_say")];
  expect(exposedNameOf("say", plain)).toBe("say");
});
