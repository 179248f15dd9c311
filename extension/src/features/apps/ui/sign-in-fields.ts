import type { ErrorCode } from "@agent-personas/shared/errors/codes";
import { classifyHost } from "@agent-personas/shared/primitives/host-class";
import type { ConnectionRow } from "../../../db/rows.ts";
import type { AppClient, AppSignIn } from "../../../lib/app-sign-in.ts";

/** What the form holds, of all ways together: looking at another way loses nothing that was typed. */
export type SignInDraft = {
  kind: AppSignIn["kind"];
  /** The client at the app. */
  clientId: string;
  clientSecret: string;
  /** What an application proves itself with. */
  proof: "secret" | "key";
  privateKey: string;
  issuer: string;
  providerClientId: string;
  providerSecret: string;
};

export type SignInField = Exclude<keyof SignInDraft, "kind" | "proof">;

/** As the form opens: what may be known of the way in use; secrets are not. */
export function draftOf({ signIn }: Pick<ConnectionRow, "signIn">): SignInDraft {
  const provider = signIn?.kind === "enterprise_managed" ? signIn : null;
  return {
    kind: signIn?.kind ?? "authorization_code",
    clientId: "",
    clientSecret: "",
    proof: "secret",
    privateKey: "",
    issuer: provider?.issuer ?? "",
    providerClientId: provider?.clientId ?? "",
    providerSecret: "",
  };
}

/** Fields that keep the draft from being saved. `needsClient`: the app has refused to register this extension. */
export function wrongFields(draft: SignInDraft, needsClient: boolean): Set<SignInField> {
  const wrong = new Set<SignInField>();
  const { kind, proof } = draft;
  const noClient = draft.clientId.trim() === "";
  if (noClient && (kind === "client_credentials" || needsClient || draft.clientSecret !== "")) wrong.add("clientId");
  if (kind === "client_credentials") {
    if (proof === "secret" && draft.clientSecret === "") wrong.add("clientSecret");
    if (proof === "key" && draft.privateKey.trim() === "") wrong.add("privateKey");
  }
  if (kind === "enterprise_managed") {
    if (readIssuer(draft.issuer) === null) wrong.add("issuer");
    if (draft.providerClientId.trim() === "") wrong.add("providerClientId");
  }
  return wrong;
}

/** What is sent of a draft without wrong fields. */
export function toSignIn(draft: SignInDraft): AppSignIn {
  const clientId = draft.clientId.trim();
  const withSecret: AppClient = { clientId, ...(draft.clientSecret !== "" && { clientSecret: draft.clientSecret }) };
  const client = clientId === "" ? null : withSecret;
  switch (draft.kind) {
    case "authorization_code":
      return { kind: "authorization_code", client };
    case "client_credentials":
      return {
        kind: "client_credentials",
        client: draft.proof === "key" ? { clientId, privateKey: draft.privateKey.trim() } : withSecret,
      };
    case "enterprise_managed":
      return {
        kind: "enterprise_managed",
        provider: {
          issuer: readIssuer(draft.issuer) ?? draft.issuer,
          clientId: draft.providerClientId.trim(),
          ...(draft.providerSecret !== "" && { clientSecret: draft.providerSecret }),
        },
        client,
      };
  }
}

/** The issuer address with its scheme, else as typed: an issuer is compared letter by letter. Null when it can be none. */
export function readIssuer(text: string): string | null {
  const trimmed = text.trim();
  if (trimmed === "" || /[\s?#]/u.test(trimmed)) return null;
  const address = /^[a-z][a-z\d+.-]*:\/\//iu.test(trimmed) ? trimmed : `https://${trimmed}`;
  if (!URL.canParse(address)) return null;
  const { protocol, hostname, username, password } = new URL(address);
  if (username !== "" || password !== "") return null;
  const local = protocol === "http:" && classifyHost(hostname) !== "public";
  return protocol === "https:" || local ? address : null;
}

/** What the browser has to allow for a way to sign in, beyond the app's own. */
export function providerOrigins(issuer: string | null): string[] {
  return issuer !== null && URL.canParse(issuer) ? [new URL(issuer).origin] : [];
}

/** The field that a fault of saving is about. */
export function fieldOfFault(code: ErrorCode): SignInField | null {
  if (code === "client_key_invalid") return "privateKey";
  return code === "provider_url_forbidden" ? "issuer" : null;
}

/** How an issuer is named to people: tenants of one host are told apart. */
export function hostOf(issuer: string): string {
  if (!URL.canParse(issuer)) return issuer;
  const { host, pathname } = new URL(issuer);
  return pathname === "/" ? host : `${host}${pathname}`;
}
