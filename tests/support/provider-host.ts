import type { IncomingMessage, ServerResponse } from "node:http";
import { exportJWK, generateKeyPair, type CryptoKey, type JWK } from "jose";
import { Provider, type Configuration } from "oidc-provider";
import { listen } from "./listen.ts";

export const SIGNING = { alg: "RS256", kid: "test" };

/** An oidc-provider that listens, with a signing key made for it. */
export type HostedProvider = {
  provider: Provider;
  issuer: string;
  jwks: { keys: JWK[] };
  signingKey: CryptoKey;
} & AsyncDisposable;

/** The pages beside the protocol; false for a request that is not for one of them. */
export type Pages = (provider: Provider, request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

export async function hostProvider(configure: (signing: JWK) => Configuration, pages: Pages): Promise<HostedProvider> {
  const { privateKey, publicKey } = await generateKeyPair(SIGNING.alg, { extractable: true });
  const handlers: { handle?: (request: IncomingMessage, response: ServerResponse) => Promise<void> } = {};
  const listening = await listen((request, response) => {
    handlers.handle?.(request, response).catch((error: unknown) => {
      response.writeHead(400, { "content-type": "text/plain" }).end(String(error));
    });
  });
  const signing = { ...(await exportJWK(privateKey)), ...SIGNING, use: "sig" };
  const provider = new Provider(listening.origin, configure(signing));
  // Made with the first request: what is composed into it is added after this.
  let callback: ReturnType<Provider["callback"]> | undefined;
  handlers.handle = async (request, response) => {
    if (await pages(provider, request, response)) return;
    callback ??= provider.callback();
    await callback(request, response);
  };
  return {
    provider,
    issuer: listening.origin,
    jwks: { keys: [{ ...(await exportJWK(publicKey)), ...SIGNING, use: "sig" }] },
    signingKey: privateKey,
    [Symbol.asyncDispose]: () => listening[Symbol.asyncDispose](),
  };
}
