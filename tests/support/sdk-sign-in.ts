import { randomBytes } from "node:crypto";
import {
  Client as ClientV2,
  StreamableHTTPClientTransport as TransportV2,
  UnauthorizedError as UnauthorizedV2,
  type OAuthClientProvider as ProviderV2,
  type OAuthDiscoveryState as DiscoveryV2,
  type StoredOAuthClientInformation as InformationV2,
  type StoredOAuthTokens as TokensV2,
} from "@modelcontextprotocol/client";
import {
  UnauthorizedError as UnauthorizedV1,
  type OAuthClientProvider as ProviderV1,
  type OAuthDiscoveryState as DiscoveryV1,
} from "@modelcontextprotocol/sdk/client/auth.js";
import { Client as ClientV1 } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as TransportV1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type {
  OAuthClientInformationMixed as InformationV1,
  OAuthTokens as TokensV1,
} from "@modelcontextprotocol/sdk/shared/auth.js";
import { startCallbackListener } from "./callback-listener.ts";

/** The person: opens the address in a browser and decides. The redirect reaches the client's listener by itself. */
export type OpenUrl = (url: string) => Promise<void>;

export type SignedInV1 = { client: ClientV1; tokens: () => TokensV1 | undefined } & AsyncDisposable;
export type SignedInV2 = {
  client: ClientV2;
  tokens: () => TokensV2 | undefined;
  information: () => InformationV2 | undefined;
  /** After a refusal that sent the person away again: what they decide now holds from the next request on. */
  ask: (open: OpenUrl) => Promise<void>;
} & AsyncDisposable;

/** SDK v1 with a provider in memory: refused, discovers, registers, sends the person away, exchanges, connects. */
export async function signInV1(endpoint: string, name: string, open: OpenUrl): Promise<SignedInV1> {
  await using callback = await startCallbackListener();
  const memory = providerInMemory<InformationV1, TokensV1, DiscoveryV1>(name, callback.url);
  const provider: ProviderV1 = memory.provider;
  const connect = async (): Promise<ClientV1> => {
    const client = new ClientV1({ name, version: "1" });
    await client.connect(new TransportV1(new URL(endpoint), { authProvider: provider }));
    return client;
  };
  await expectRefusal(connect(), UnauthorizedV1);
  await open(memory.opened());
  const back = await callback.next();
  await new TransportV1(new URL(endpoint), { authProvider: provider }).finishAuth(codeOf(back, memory.state));
  const client = await connect();
  return { client, tokens: memory.tokens, [Symbol.asyncDispose]: () => client.close() };
}

/** The same with SDK v2, which checks `iss` itself. */
export async function signInV2(
  endpoint: string,
  name: string,
  open: OpenUrl,
  mode: "legacy" | "auto" = "auto",
): Promise<SignedInV2> {
  const callback = await startCallbackListener();
  const memory = providerInMemory<InformationV2, TokensV2, DiscoveryV2>(name, callback.url);
  const provider: ProviderV2 = memory.provider;
  const makeTransport = (): TransportV2 => new TransportV2(new URL(endpoint), { authProvider: provider });
  const connect = async (): Promise<ClientV2> => {
    const client = new ClientV2({ name, version: "2" }, { versionNegotiation: { mode } });
    await client.connect(makeTransport());
    return client;
  };
  const ask = async (person: OpenUrl): Promise<void> => {
    await person(memory.opened());
    const back = await callback.next();
    codeOf(back, memory.state);
    await makeTransport().finishAuth(back.searchParams);
  };
  await expectRefusal(connect(), UnauthorizedV2);
  await ask(open);
  const client = await connect();
  return {
    client,
    tokens: memory.tokens,
    information: memory.information,
    ask,
    async [Symbol.asyncDispose]() {
      await client.close();
      await callback[Symbol.asyncDispose]();
    },
  };
}

function providerInMemory<Information, Tokens, Discovery>(name: string, redirectUrl: string) {
  const state = randomBytes(16).toString("base64url");
  let information: Information | undefined;
  let tokens: Tokens | undefined;
  let discovery: Discovery | undefined;
  let verifier = "";
  let opened: string | null = null;
  return {
    state,
    tokens: () => tokens,
    information: () => information,
    opened: (): string => {
      if (opened === null) throw new Error("The client did not send anybody to sign in.");
      return opened;
    },
    provider: {
      redirectUrl,
      clientMetadata: { client_name: name, redirect_uris: [redirectUrl], token_endpoint_auth_method: "none" },
      state: () => state,
      clientInformation: () => information,
      saveClientInformation: (saved: Information) => void (information = saved),
      tokens: () => tokens,
      saveTokens: (saved: Tokens) => void (tokens = saved),
      redirectToAuthorization: (url: URL) => void (opened = url.href),
      saveCodeVerifier: (saved: string) => void (verifier = saved),
      codeVerifier: () => verifier,
      saveDiscoveryState: (saved: Discovery) => void (discovery = saved),
      discoveryState: () => discovery,
      invalidateCredentials: (what: string) => void (tokens = what === "all" || what === "tokens" ? undefined : tokens),
    },
  };
}

async function expectRefusal(
  connecting: Promise<{ close: () => Promise<void> }>,
  kind: new (...args: never[]) => Error,
): Promise<void> {
  try {
    await (await connecting).close();
  } catch (error) {
    if (error instanceof kind) return;
    throw error;
  }
  throw new Error("The endpoint let in a client without a token.");
}

function codeOf(back: URL, state: string): string {
  const code = back.searchParams.get("code");
  if (code === null || back.searchParams.get("state") !== state) throw new Error(`Not a code: ${back.href}`);
  return code;
}
