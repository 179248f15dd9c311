import { signSignInToken } from "@agent-personas/shared/oauth/sign-in-token";
import { z } from "zod";
import type { IdentitySource } from "../../lib/identity.ts";
import type { PageAnswer } from "./page-messages.ts";

/** Who a message came from, as the browser says. */
export type PageSender = {
  id?: string | undefined;
  url?: string | undefined;
  origin?: string | undefined;
  /** 0 is the page itself, anything else a frame in it. */
  frameId?: number | undefined;
  inTab: boolean;
  documentLifecycle?: string | undefined;
};

const SIGN_IN_PATH = /^\/sign-in\/([\w-]{8,128})(?:\/|$)/u;
const NEVER_REDIRECT_TO = new Set(["javascript:", "data:", "vbscript:", "blob:", "file:", "about:", "view-source:"]);

const questionSchema = z.discriminatedUnion("signIn", [
  z.strictObject({ signIn: z.literal("person") }),
  z.strictObject({
    signIn: z.literal("token"),
    interaction: z.string().regex(/^[\w-]{8,128}$/u),
    clientId: z.string().min(1).max(2_000),
    redirectUri: z
      .string()
      .max(2_000)
      .refine((text) => !NEVER_REDIRECT_TO.has(URL.parse(text)?.protocol ?? "javascript:")),
    nonce: z.string().regex(/^[\w-]{16,128}$/u),
  }),
]);

const REFUSED: PageAnswer = { refused: true };

/** Whether a message is for this router; everything else is a command. */
export const isPageQuestion = (message: unknown): boolean =>
  typeof message === "object" && message !== null && Object.hasOwn(message, "signIn");

/**
 * Answers the script in the paired relay's own sign-in page, top-level, and nobody else. The token is built here from
 * fields that are checked one by one; its audience is the paired relay whatever the page says, and it is signed only
 * for the sign-in that the page's address names.
 */
export function createPageRouter(deps: {
  identity: IdentitySource;
  person: () => Promise<string | null>;
  ownId: string;
  now: () => number;
}): (message: unknown, sender: PageSender) => Promise<PageAnswer> {
  return async (message, sender) => {
    const identity = await deps.identity.load();
    if (identity === null) return REFUSED;
    const audience = new URL(identity.relayUrl).origin;
    const page = signInOf(sender, { ownId: deps.ownId, origin: audience });
    const question = questionSchema.safeParse(message);
    if (page === null || !question.success) return REFUSED;
    if (question.data.signIn === "person") {
      const person = await deps.person();
      return person === null ? REFUSED : { person };
    }
    const { interaction, clientId, redirectUri, nonce } = question.data;
    if (interaction !== page) return REFUSED;
    const token = await signSignInToken(
      identity,
      { interaction, client_id: clientId, redirect_uri: redirectUri, nonce },
      { audience, now: deps.now() + identity.clockOffset },
    );
    return { token };
  };
}

/** The sign-in that the sender's page is about; null when it is not the relay's sign-in page, seen by a person. */
function signInOf(sender: PageSender, own: { ownId: string; origin: string }): string | null {
  if (sender.id !== own.ownId || sender.origin !== own.origin) return null;
  if (!sender.inTab || sender.frameId !== 0) return null;
  if (sender.documentLifecycle !== undefined && sender.documentLifecycle !== "active") return null;
  const url = URL.parse(sender.url ?? "");
  return url?.origin === own.origin ? (SIGN_IN_PATH.exec(url.pathname)?.[1] ?? null) : null;
}
