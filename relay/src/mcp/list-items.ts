import type { Result } from "@modelcontextprotocol/server";
import type { Exchange } from "./exchange.ts";
import { onePage } from "./one-page.ts";
import { readableSlots } from "./readable-slots.ts";

/** The persona's resources for this caller, under the addresses it knows. */
export function listResources(params: unknown, exchange: Exchange): Result {
  const slots = readableSlots(exchange);
  const resources = (exchange.persona.version.resources ?? [])
    .filter(({ slotId }) => slots.has(slotId))
    .map(({ definition, exposedUri }) => ({ ...definition, uri: exposedUri }));
  return onePage(params, exchange, { resources });
}

export function listTemplates(params: unknown, exchange: Exchange): Result {
  const slots = readableSlots(exchange);
  const resourceTemplates = (exchange.persona.version.templates ?? [])
    .filter(({ slotId }) => slots.has(slotId))
    .map(({ definition, exposedTemplate }) => ({ ...definition, uriTemplate: exposedTemplate }));
  return onePage(params, exchange, { resourceTemplates });
}

export function listPrompts(params: unknown, exchange: Exchange): Result {
  const slots = readableSlots(exchange);
  const prompts = (exchange.persona.version.prompts ?? [])
    .filter(({ slotId }) => slots.has(slotId))
    .map(({ definition, exposedName }) => ({ ...definition, name: exposedName }));
  return onePage(params, exchange, { prompts });
}
