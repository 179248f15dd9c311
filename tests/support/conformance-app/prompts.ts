import {
  acceptedContent,
  completable,
  inputRequired,
  type GetPromptResult,
  type InputRequiredResult,
} from "@modelcontextprotocol/server";
import { z } from "zod";
import type { Register } from "./fixture.ts";
import { PNG_MIME, redPixel } from "./samples.ts";

const PLACES = ["paris", "park", "party"];
const contextSchema = z.object({ context: z.string() });

type Content = GetPromptResult["messages"][number]["content"];

const said = (...contents: Content[]): GetPromptResult => ({
  messages: contents.map((content) => ({ role: "user", content })),
});
const words = (text: string): Content => ({ type: "text", text });

/** Prompts, with completion of an argument and with input of the person. */
export const registerPrompts: Register = (server) => {
  server.registerPrompt("test_simple_prompt", { description: "Has no arguments." }, () =>
    said(words("This is a simple prompt for testing.")),
  );
  server.registerPrompt(
    "test_prompt_with_arguments",
    {
      description: "Has two arguments; the first can be completed.",
      argsSchema: z.object({
        arg1: completable(z.string().describe("First test argument"), (value) =>
          PLACES.filter((place) => place.startsWith(value)),
        ),
        arg2: z.string().describe("Second test argument"),
      }),
    },
    ({ arg1, arg2 }) => said(words(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`)),
  );
  server.registerPrompt(
    "test_prompt_with_embedded_resource",
    {
      description: "Embeds a resource.",
      argsSchema: z.object({ resourceUri: z.string().describe("URI of the resource to embed") }),
    },
    ({ resourceUri }) =>
      said(
        {
          type: "resource",
          resource: { uri: resourceUri, mimeType: "text/plain", text: "Embedded resource content for testing." },
        },
        words("Please process the embedded resource above."),
      ),
  );
  server.registerPrompt("test_prompt_with_image", { description: "Holds an image." }, () =>
    said({ type: "image", data: redPixel(), mimeType: PNG_MIME }, words("Please analyze the image above.")),
  );
  server.registerPrompt(
    "test_input_required_result_prompt",
    { description: "Asks the person for a context first." },
    ({ mcpReq }): GetPromptResult | InputRequiredResult => {
      const given = acceptedContent(mcpReq.inputResponses, "user_context", contextSchema);
      if (given !== undefined) return said(words(`Use this context: ${given.context}`));
      const question = { message: "What context should the prompt use?", requestedSchema: contextSchema };
      return inputRequired({ inputRequests: { user_context: inputRequired.elicit(question) } });
    },
  );
};
