import type { CallToolResult } from "@modelcontextprotocol/server";
import { text, type Register } from "./fixture.ts";
import { PNG_MIME, redPixel, silence, WAV_MIME } from "./samples.ts";

const image = { type: "image", data: redPixel(), mimeType: PNG_MIME } as const;

const RESULTS: Record<string, { description: string; result: CallToolResult }> = {
  test_simple_text: {
    description: "Answers with one text.",
    result: text("This is a simple text response for testing."),
  },
  test_image_content: { description: "Answers with an image.", result: { content: [image] } },
  test_audio_content: {
    description: "Answers with a sound.",
    result: { content: [{ type: "audio", data: silence(), mimeType: WAV_MIME }] },
  },
  test_embedded_resource: {
    description: "Answers with a resource inside the result.",
    result: {
      content: [
        {
          type: "resource",
          resource: {
            uri: "test://embedded-resource",
            mimeType: "text/plain",
            text: "This is an embedded resource content.",
          },
        },
      ],
    },
  },
  test_multiple_content_types: {
    description: "Answers with text, image and resource together.",
    result: {
      content: [
        { type: "text", text: "Multiple content types test:" },
        image,
        {
          type: "resource",
          resource: {
            uri: "test://mixed-content-resource",
            mimeType: "application/json",
            text: JSON.stringify({ test: "data", value: 123 }),
          },
        },
      ],
    },
  },
  test_error_handling: {
    description: "Always fails.",
    result: { ...text("This tool intentionally returns an error for testing"), isError: true },
  },
};

/** Tools without arguments that always answer the same. */
export const registerContentTools: Register = (server) => {
  for (const [name, { description, result }] of Object.entries(RESULTS)) {
    server.registerTool(name, { description, annotations: { readOnlyHint: true } }, () => result);
  }
};
