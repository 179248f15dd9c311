import {
  CLIENT_CAPABILITIES_META_KEY,
  type InputRequiredResult,
  type McpServer,
  type RequestStateCodec,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { z } from "zod";

/** What the app's servers share, however many there are: one for each session and one for each modern request. */
export type Fixture = {
  /** Seals what comes back with the answers of a call that asked for something. */
  states: RequestStateCodec;
  /** Whether the tool or prompt is listed that comes and goes. */
  extra: { tool: boolean; prompt: boolean };
  /** Turns the extra tool or prompt on or off and tells everybody who listens. */
  toggle: (kind: "tool" | "prompt") => void;
  /** Says that a resource has changed to those who subscribed. */
  resourceUpdated: (uri: string) => void;
};

/** Adds its part of the fixture to one server. */
export type Register = (server: McpServer, fixture: Fixture) => void;

export type Content = { content: { type: "text"; text: string }[] };
export type Answer = Content | InputRequiredResult;

export const text = (value: string): Content => ({ content: [{ type: "text", text: value }] });

const declaredSchema = z.object({ elicitation: z.unknown(), sampling: z.unknown(), roots: z.unknown() }).partial();
const envelopeSchema = z.object({ [CLIENT_CAPABILITIES_META_KEY]: declaredSchema });

/** What the client said it can do: with each request of 2026-07-28, once a session before. */
export function clientCapabilities(server: McpServer, { mcpReq }: ServerContext): z.infer<typeof declaredSchema> {
  const envelope = envelopeSchema.safeParse(mcpReq.envelope);
  return envelope.data?.[CLIENT_CAPABILITIES_META_KEY] ?? server.server.getClientCapabilities() ?? {};
}
