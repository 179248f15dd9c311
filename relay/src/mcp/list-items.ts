import { BUILT_IN_URIS } from "@agent-personas/shared/persona/built-in-uris";
import type { Result } from "@modelcontextprotocol/server";
import type { Exchange } from "./exchange.ts";
import { onePage } from "./one-page.ts";
import { BUILT_IN_RESOURCES } from "./built-in-resources.ts";
import { listRecipes } from "./recipes.ts";
import { readableSlots } from "./readable-slots.ts";

/** The relay's own resources and the persona's for this caller, under the addresses it knows. */
export function listResources(params: unknown, exchange: Exchange): Result {
  const slots = readableSlots(exchange);
  const resources = (exchange.persona.version.resources ?? [])
    .filter(({ slotId, exposedUri }) => slots.has(slotId) && !BUILT_IN_URIS.has(exposedUri))
    .map(({ definition, exposedUri }) => ({ ...definition, uri: exposedUri }));
  return onePage(params, exchange, { resources: [...BUILT_IN_RESOURCES, ...resources] });
}

export function listTemplates(params: unknown, exchange: Exchange): Result {
  const slots = readableSlots(exchange);
  const resourceTemplates = (exchange.persona.version.templates ?? [])
    .filter(({ slotId }) => slots.has(slotId))
    .map(({ definition, exposedTemplate }) => ({ ...definition, uriTemplate: exposedTemplate }));
  return onePage(params, exchange, { resourceTemplates });
}

/** The owner's recipes, and prompts of apps. */
export function listPrompts(params: unknown, exchange: Exchange): Result {
  const slots = readableSlots(exchange);
  const recipes = listRecipes(exchange);
  const taken = new Set(recipes.map(({ name }) => name));
  const prompts = (exchange.persona.version.prompts ?? [])
    .filter(({ slotId, exposedName }) => slots.has(slotId) && !taken.has(exposedName))
    .map(({ definition, exposedName }) => ({ ...definition, name: exposedName }));
  return onePage(params, exchange, { prompts: [...recipes, ...prompts] });
}
