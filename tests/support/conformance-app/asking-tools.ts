import {
  inputRequired,
  inputResponse,
  UrlElicitationRequiredError,
  type ElicitInputParams,
  type McpServer,
} from "@modelcontextprotocol/server";
import { z } from "zod";
import { DEFAULTS_SCHEMA, ENUMS_SCHEMA, USER_SCHEMA } from "./elicitation-schemas.ts";
import { text, type Answer, type Register } from "./fixture.ts";

const LINK = { url: "https://example.com/allow", message: "Please allow it there." };

/**
 * Tools that ask the client or its person for something. In 2025 the SDK turns what they return into requests to
 * the client and calls them again with the answers.
 */
export const registerAskingTools: Register = (server) => {
  server.registerTool(
    "test_sampling",
    { description: "Has the client's model answer a prompt.", inputSchema: z.object({ prompt: z.string() }) },
    ({ prompt }, { mcpReq }): Answer => {
      const answer = inputResponse(mcpReq.inputResponses, "answer");
      if (answer.kind === "sampling") return text(`LLM response: ${wordsOf(answer.result.content)}`);
      return inputRequired({ inputRequests: { answer: sample(prompt, 100) } });
    },
  );

  server.registerTool(
    "test_elicitation",
    { description: "Asks the person for a name and an address.", inputSchema: z.object({ message: z.string() }) },
    ({ message }, { mcpReq }) =>
      ask(mcpReq.inputResponses, { message, requestedSchema: USER_SCHEMA }, "User response:"),
  );

  askWith(server, "test_elicitation_sep1034_defaults", "Please look through the defaults.", DEFAULTS_SCHEMA);
  askWith(server, "test_elicitation_sep1330_enums", "Please choose.", ENUMS_SCHEMA);

  server.registerTool(
    "test_missing_capability",
    { description: "Needs a client that lets its model be asked." },
    ({ mcpReq }): Answer => {
      const answer = inputResponse(mcpReq.inputResponses, "answer");
      if (answer.kind === "sampling") return text("The client has a model.");
      return inputRequired({ inputRequests: { answer: sample("Are you there?", 10) } });
    },
  );

  server.registerTool(
    "test_url_elicitation",
    { description: "Asks the person to open a link." },
    async ({ mcpReq }): Promise<Answer> => {
      const opened = inputResponse(mcpReq.inputResponses, "opened");
      if (opened.kind === "elicit") {
        const params = { elicitationId: "link-1" };
        // Only 2025-11-25 has a word for it.
        await mcpReq.notify({ method: "notifications/elicitation/complete", params }).catch(() => undefined);
        return text(`The person chose: ${opened.action}`);
      }
      return inputRequired({ inputRequests: { opened: inputRequired.elicitUrl(LINK) } });
    },
  );

  let opened = 0;
  server.registerTool(
    "test_url_required",
    { description: "Refuses every other call until a link was opened, in the way of 2025-11-25." },
    () => {
      opened += 1;
      if (opened % 2 === 0) return text("The link was opened.");
      throw new UrlElicitationRequiredError([{ mode: "url", elicitationId: "link-1", ...LINK }]);
    },
  );

  server.registerTool(
    "test_streaming_elicitation",
    { description: "Reports progress, then asks the person." },
    async ({ mcpReq }): Promise<Answer> => {
      const progressToken = mcpReq._meta?.progressToken;
      if (progressToken !== undefined) {
        await mcpReq.notify({ method: "notifications/progress", params: { progressToken, progress: 1, total: 2 } });
      }
      return ask(
        mcpReq.inputResponses,
        { message: "Who are you?", requestedSchema: USER_SCHEMA },
        "Elicitation completed:",
      );
    },
  );
};

export const sample = (prompt: string, maxTokens: number) =>
  inputRequired.createMessage({ messages: [{ role: "user", content: { type: "text", text: prompt } }], maxTokens });

/** What a model said, in words; anything else as JSON. */
export function wordsOf(content: unknown): string {
  const said = z.object({ type: z.literal("text"), text: z.string() }).safeParse(content);
  return said.success ? said.data.text : JSON.stringify(content);
}

function askWith(
  server: McpServer,
  name: string,
  message: string,
  requestedSchema: ElicitInputParams["requestedSchema"],
): void {
  server.registerTool(name, { description: `Asks the person: ${message}` }, ({ mcpReq }) =>
    ask(mcpReq.inputResponses, { message, requestedSchema }, "Elicitation completed:"),
  );
}

function ask(responses: Record<string, unknown> | undefined, params: ElicitInputParams, before: string): Answer {
  const asked = inputResponse(responses, "asked");
  if (asked.kind !== "elicit") return inputRequired({ inputRequests: { asked: inputRequired.elicit(params) } });
  return text(`${before} action=${asked.action}, content=${JSON.stringify(asked.content ?? {})}`);
}
