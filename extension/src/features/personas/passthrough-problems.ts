import { forwardableHeaderSchema, headerValueSchema, jwksSchema } from "@agent-personas/shared/persona/passthrough";
import { classifyHost } from "@agent-personas/shared/primitives/host-class";
import { z } from "zod";
import { readJwks, type HeaderDraft, type PassthroughDraft, type TokenDraft } from "./passthrough-draft.ts";

export type PassthroughCode =
  | "headerName"
  | "headerNever"
  | "headerRepeated"
  | "headerValue"
  | "headerCredential"
  | "purposeLong"
  | "noAskedHeader"
  | "keysUrl"
  | "keysUrlPrivate"
  | "keysForm"
  | "keysSecret"
  | "issuerLong"
  | "audienceLong"
  | "noScope"
  | "noForwardingApp";

/** What is wrong with passthrough; `index` names the header. */
export type PassthroughProblem = { field: "passthrough"; code: PassthroughCode; index?: number };

/** `forwarding`: how many apps of the persona get the headers. */
export function passthroughProblems(draft: PassthroughDraft, forwarding: number): PassthroughProblem[] {
  const { headers, token, scopes } = draft;
  const codes = [
    ...(token.on ? tokenCodes(token) : []),
    ...(scopes.length === 0 ? (["noScope"] as const) : []),
    ...(forwarding === 0 ? (["noForwardingApp"] as const) : []),
    ...(!token.on && headers.every(({ kind }) => kind === "fixed") ? (["noAskedHeader"] as const) : []),
  ];
  return [
    ...headers.flatMap((header, index) =>
      headerCodes(header, headers.slice(0, index)).map((code): PassthroughProblem => ({
        field: "passthrough",
        code,
        index,
      })),
    ),
    ...codes.map((code): PassthroughProblem => ({ field: "passthrough", code })),
  ];
}

function headerCodes({ name, purpose, kind, value }: HeaderDraft, before: readonly HeaderDraft[]): PassthroughCode[] {
  const lower = name.trim().toLowerCase();
  return [...nameCodes(lower, before), ...valueCodes(lower, kind, value), ...purposeCodes(purpose)];
}

function nameCodes(lower: string, before: readonly HeaderDraft[]): PassthroughCode[] {
  if (!/^[!#$%&'*+.^_`|~0-9a-z-]{1,100}$/u.test(lower)) return ["headerName"];
  if (!forwardableHeaderSchema.safeParse(lower).success) return ["headerNever"];
  return before.some((other) => other.name.trim().toLowerCase() === lower) ? ["headerRepeated"] : [];
}

function valueCodes(lower: string, kind: HeaderDraft["kind"], value: string): PassthroughCode[] {
  if (kind !== "fixed") return [];
  if (lower === "authorization") return ["headerCredential"];
  return headerValueSchema.safeParse(value).success ? [] : ["headerValue"];
}

const purposeCodes = (purpose: string): PassthroughCode[] => (purpose.trim().length > 200 ? ["purposeLong"] : []);

function tokenCodes(token: TokenDraft): PassthroughCode[] {
  return [
    ...(token.from === "url" ? urlCodes(token.url.trim()) : jwksCodes(token.jwks)),
    ...(token.issuer.trim().length > 2_000 ? (["issuerLong"] as const) : []),
    ...(token.audience.trim().length > 2_000 ? (["audienceLong"] as const) : []),
  ];
}

/** The relay fetches the keys, so it refuses addresses of its own network. */
function urlCodes(text: string): PassthroughCode[] {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol !== "https:" || text.length > 2_000) return ["keysUrl"];
  return classifyHost(url.hostname) === "public" ? [] : ["keysUrlPrivate"];
}

function jwksCodes(text: string): PassthroughCode[] {
  const keys = readJwks(text);
  if (jwksSchema.safeParse(keys).success) return [];
  return secretJwksSchema.safeParse(keys).success ? ["keysSecret"] : ["keysForm"];
}

const secretJwksSchema = z
  .looseObject({ keys: z.array(z.looseObject({})) })
  .refine(({ keys }) => keys.some((key) => "d" in key || "k" in key));
