import {
  acceptedContent,
  inputRequired,
  ResourceNotFoundError,
  ResourceTemplate,
  type InputRequiredResult,
  type ReadResourceResult,
} from "@modelcontextprotocol/server";
import { z } from "zod";
import type { Register } from "./fixture.ts";
import { PNG_MIME, redPixel } from "./samples.ts";

export const WATCHED_URI = "test://watched-resource";
export const ASKING_URI = "test://asking-resource";

const contextSchema = z.object({ context: z.string() });

/** Resources, one of which asks the person first, a template, and how to follow one of them. */
export const registerResources: Register = (server) => {
  server.registerResource(
    "static-text",
    "test://static-text",
    { description: "A text that never changes.", mimeType: "text/plain" },
    ({ href }) => ({
      contents: [{ uri: href, mimeType: "text/plain", text: "This is the content of the static text resource." }],
    }),
  );
  server.registerResource(
    "static-binary",
    "test://static-binary",
    { description: "An image that never changes.", mimeType: PNG_MIME },
    ({ href }) => ({ contents: [{ uri: href, mimeType: PNG_MIME, blob: redPixel() }] }),
  );
  server.registerResource(
    "watched-resource",
    WATCHED_URI,
    { description: "One to subscribe to.", mimeType: "text/plain" },
    ({ href }) => ({ contents: [{ uri: href, mimeType: "text/plain", text: "Watched." }] }),
  );
  server.registerResource(
    "asking-resource",
    ASKING_URI,
    { description: "One that asks what to write for.", mimeType: "text/plain" },
    ({ href }, { mcpReq }): ReadResourceResult | InputRequiredResult => {
      const given = acceptedContent(mcpReq.inputResponses, "user_context", contextSchema);
      if (given !== undefined) {
        return { contents: [{ uri: href, mimeType: "text/plain", text: `Written for: ${given.context}` }] };
      }
      const question = { message: "What context should the text use?", requestedSchema: contextSchema };
      return inputRequired({ inputRequests: { user_context: inputRequired.elicit(question) } });
    },
  );
  server.registerResource(
    "template",
    new ResourceTemplate("test://template/{id}/data", { list: undefined }),
    { description: "Data of an id.", mimeType: "application/json" },
    ({ href }, { id }) => {
      if (typeof id !== "string") throw new ResourceNotFoundError(href);
      const data = { id, templateTest: true, data: `Data for ID: ${id}` };
      return { contents: [{ uri: href, mimeType: "application/json", text: JSON.stringify(data) }] };
    },
  );
};
