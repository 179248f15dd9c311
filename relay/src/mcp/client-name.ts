import { CLIENT_INFO_META_KEY } from "@modelcontextprotocol/server";
import { z } from "zod";

const LENGTH = 200;
const infoSchema = z.looseObject({ name: z.string(), version: z.string().optional().catch(undefined) });
const modernSchema = z.looseObject({
  params: z.looseObject({ _meta: z.looseObject({ [CLIENT_INFO_META_KEY]: infoSchema }) }),
});
const initializeSchema = z.looseObject({ clientInfo: infoSchema });

/** How a client names itself in a request of the era without sessions. */
export function clientOfMessage(body: unknown): string {
  const parsed = modernSchema.safeParse(body);
  return parsed.success ? render(parsed.data.params._meta[CLIENT_INFO_META_KEY]) : "unknown";
}

/** How a client named itself when it opened its session. */
export function clientOfInitialize(params: unknown): string {
  const parsed = initializeSchema.safeParse(params);
  return parsed.success ? render(parsed.data.clientInfo) : "unknown";
}

/** How a script's program names itself. */
export const clientOfUserAgent = (header: string | undefined): string => clean(header ?? "");

function render(info: unknown): string {
  const { name, version } = infoSchema.parse(info);
  const text = version === undefined ? name : `${name} ${version}`;
  return clean(text);
}

const clean = (text: string): string => text.replaceAll(/\p{C}/gu, "").trim().slice(0, LENGTH) || "unknown";
