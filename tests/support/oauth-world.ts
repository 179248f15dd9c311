import { z } from "zod";
import { createCookieJar, type CookieJar } from "./cookie-jar.ts";
import {
  askTokens,
  authorizeUrl,
  discover,
  listTools,
  readTokens,
  register,
  type ServerMetadata,
  type Tokens,
} from "./oauth-client.ts";
import { startPersonRelay, type DeployedPersona, type PersonRelay } from "./person-relay.ts";
import { signIn, walk, type Person, type Step } from "./sign-in.ts";

export const REDIRECT = "https://client.example/callback";

export type Client = { clientId: string; redirectUri: string };
export type Asked = Partial<{ resource: string | null; scope: string | null; change: Record<string, string | null> }>;
export type Code = { code: string; verifier: string; client: Client; left: URL };

/** A relay with one person, one persona, a key to sign in with, and AI clients that a test makes up. */
export type World = PersonRelay & {
  metadata: ServerMetadata;
  persona: DeployedPersona;
  key: string;
  client: (redirectUri?: string, more?: Record<string, unknown>) => Promise<Client>;
  /** The authorize URL of a client; `change` replaces parameters, or leaves them out where null. */
  authorize: (client: Client, asked?: Asked) => { url: string; verifier: string; state: string };
  /** Opens it as a fresh browser and stops at the first page, or where it left the relay. */
  open: (client: Client, asked?: Asked, jar?: CookieJar) => Promise<Step>;
  /** Signs in with the key and allows. */
  code: (client: Client, asked?: Asked, person?: Partial<Person>) => Promise<Code>;
  exchange: (code: Code, change?: Record<string, string | null>) => ReturnType<typeof askTokens>;
  /** `tools/list` with a token, at the persona's endpoint unless told. */
  list: (token: string, endpoint?: string) => ReturnType<typeof listTools>;
  tokens: (client: Client, asked?: Asked, person?: Partial<Person>) => Promise<Tokens>;
};

const registeredSchema = z.looseObject({ client_id: z.string() });

export async function startWorld(on: PersonRelay | null = null): Promise<World> {
  const relay = on ?? (await startPersonRelay());
  const persona = await relay.deploy();
  const key = await relay.createKey(persona.personaId);
  const { metadata } = await discover(persona.endpoint);

  const client: World["client"] = async (redirectUri = REDIRECT, more = {}) => {
    const answer = await register(metadata, { client_name: "Test client", redirect_uris: [redirectUri], ...more });
    if (answer.status !== 201) throw new Error(`Not registered: ${JSON.stringify(answer.body)}`);
    return { clientId: registeredSchema.parse(answer.body).client_id, redirectUri };
  };
  const authorize: World["authorize"] = (
    of,
    { resource = persona.endpoint, scope = "read write", change = {} } = {},
  ) => {
    const made = authorizeUrl(metadata, { ...of, resource, scope });
    const url = new URL(made.url);
    for (const [name, value] of Object.entries(change)) {
      if (value === null) url.searchParams.delete(name);
      else url.searchParams.set(name, value);
    }
    return { ...made, url: url.href };
  };
  const code: World["code"] = async (of, asked, person = {}) => {
    const { url, verifier } = authorize(of, asked);
    const left = await signIn(url, { accessKey: key, ...person });
    return { code: left.searchParams.get("code") ?? "", verifier, client: of, left };
  };
  const exchange: World["exchange"] = (from, change = {}) => {
    const parameters: Record<string, string | null> = {
      grant_type: "authorization_code",
      code: from.code,
      client_id: from.client.clientId,
      redirect_uri: from.client.redirectUri,
      code_verifier: from.verifier,
      ...change,
    };
    const sent = Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== null);
    return askTokens(metadata, Object.fromEntries(sent));
  };
  return {
    ...relay,
    metadata,
    persona,
    key,
    client,
    authorize,
    open: (of, asked, jar = createCookieJar()) => walk(authorize(of, asked).url, jar),
    code,
    exchange,
    list: (token, endpoint = persona.endpoint) => listTools(endpoint, token),
    tokens: async (of, asked, person) => readTokens((await exchange(await code(of, asked, person))).body),
    [Symbol.asyncDispose]: () => relay[Symbol.asyncDispose](),
  };
}

/** The `error` of an OAuth answer, or of the redirect that carries one. */
export const errorOf = (answer: unknown): string =>
  answer instanceof URL
    ? (answer.searchParams.get("error") ?? "none")
    : (z.looseObject({ error: z.string() }).safeParse(answer).data?.error ?? "none");
