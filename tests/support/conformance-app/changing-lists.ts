import type { McpServer } from "@modelcontextprotocol/server";
import { text, type Fixture } from "./fixture.ts";
import { WATCHED_URI } from "./resources.ts";

/** Tools that change what the app lists. Answers how to bring this server up to date, which tells its client. */
export function registerChangingLists(server: McpServer, fixture: Fixture): () => void {
  const { extra, toggle, resourceUpdated } = fixture;
  server.registerTool("test_trigger_tool_change", { description: "Adds a tool, or removes it again." }, () => {
    toggle("tool");
    return text("The list of tools has changed.");
  });
  server.registerTool("test_trigger_prompt_change", { description: "Adds a prompt, or removes it again." }, () => {
    toggle("prompt");
    return text("The list of prompts has changed.");
  });
  server.registerTool(
    "test_trigger_resource_update",
    { description: "Says that the watched resource changed." },
    () => {
      resourceUpdated(WATCHED_URI);
      return text("The watched resource has changed.");
    },
  );

  const tool = server.registerTool("test_extra_tool", { description: "Comes and goes." }, () => text("Here now."));
  const prompt = server.registerPrompt("test_extra_prompt", { description: "Comes and goes." }, () => ({
    messages: [{ role: "user", content: { type: "text", text: "Here now." } }],
  }));
  const refresh = (): void => {
    if (tool.enabled !== extra.tool) tool.update({ enabled: extra.tool });
    if (prompt.enabled !== extra.prompt) prompt.update({ enabled: extra.prompt });
  };
  refresh();
  return refresh;
}
