import type { Outcome } from "@agent-personas/shared/tunnel/messages";

type Members = Record<string, unknown>;

/** Addresses of one outcome that are looked at; an app may send very many, and nothing else runs meanwhile. */
const ADDRESSES = 2_000;

/**
 * The outcome with the resources that it names (the first 2,000) under the addresses by which its caller can read them.
 * Where those are the app's own, it is the same object.
 */
export function exposeLinks(outcome: Outcome, exposed: (uri: string) => string): Outcome {
  if (outcome.kind !== "result") return outcome;
  let seen = 0;
  const exposedUri = (uri: string): string => {
    seen += 1;
    return seen > ADDRESSES ? uri : exposed(uri);
  };
  const inContent = (block: unknown): unknown => {
    if (!isMembers(block)) return block;
    if (block["type"] === "resource_link") return withUri(block, exposedUri);
    return block["type"] === "resource" ? changed(block, { resource: withUri(block["resource"], exposedUri) }) : block;
  };
  const { content, contents, messages } = outcome.result;
  const result = changed(outcome.result, {
    ...(content !== undefined && { content: each(content, inContent) }),
    ...(contents !== undefined && { contents: each(contents, (item) => withUri(item, exposedUri)) }),
    ...(messages !== undefined && {
      messages: each(messages, (message) =>
        isMembers(message) ? changed(message, { content: each(message["content"], inContent) }) : message,
      ),
    }),
  });
  return result === outcome.result ? outcome : { ...outcome, result };
}

function withUri(value: unknown, exposedUri: (uri: string) => string): unknown {
  if (!isMembers(value) || typeof value["uri"] !== "string") return value;
  return changed(value, { uri: exposedUri(value["uri"]) });
}

/** Of a list each, of anything else itself. */
function each(value: unknown, map: (item: unknown) => unknown): unknown {
  if (!Array.isArray(value)) return map(value);
  const mapped = value.map(map);
  return mapped.every((item, place) => item === value[place]) ? value : mapped;
}

/** The same object where nothing differs. */
function changed<T extends Members>(object: T, changes: Members): T {
  return Object.keys(changes).every((name) => changes[name] === object[name]) ? object : { ...object, ...changes };
}

const isMembers = (value: unknown): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value);
