import { createId } from "@agent-personas/shared/primitives/id";
import { expect, test } from "vitest";
import { testTool, testVersion } from "../test-support/test-persona.ts";
import { unwrapCall } from "./unwrap-call.ts";

const view = (originalName: string) => {
  const tool = testTool(originalName, "write");
  return { ...tool, definition: { ...tool.definition, _meta: { ui: { resourceUri: "ui://echo/view.html" } } } };
};

test.each(["persona_account_info", "persona_read_more", "persona_wait_for_call", "persona_find_tools"])(
  "an app with a view and a tool of its own that is called %s does not take the place of the relay's",
  (name) => {
    const tools = [view(name), view("refresh")];
    const version = testVersion(createId("device"), { tools, search: { favourites: [] } });
    expect(unwrapCall({ name }, version).name).toBe(name);
    expect(unwrapCall({ name: "persona_call_tool", arguments: { name } }, version).name).toBe(name);
    expect(unwrapCall({ name: "refresh" }, version).name).toBe("Echo_refresh");
  },
);
