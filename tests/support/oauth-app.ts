import type { IncomingMessage, ServerResponse } from "node:http";
import { createLocalJWKSet, jwtVerify } from "jose";
import {
  startAuthorizationServer,
  type AuthorizationServer,
  type AuthorizationServerOptions,
} from "./authorization-server.ts";
import { listen } from "./listen.ts";
import { mcpHandler } from "./mcp-handler.ts";
import { createTestServer, newExecutions, type Executions } from "./test-tools.ts";

export type OAuthApp = {
  url: string;
  origin: string;
  authorization: AuthorizationServer;
  executions: Executions;
  /** Credentials that requests carried, and how many were refused. */
  seenTokens: Set<string>;
  /** For whom the tokens were that it took: people, or clients that came for themselves. */
  seenSubjects: Set<string>;
  refusals: { missing: number; invalid: number };
  sessions: ReadonlyMap<string, unknown>;
} & AsyncDisposable;

/** An MCP server that only a token of its own authorization server opens. */
export async function startOAuthApp(options: Omit<AuthorizationServerOptions, "resources"> = {}): Promise<OAuthApp> {
  const executions = newExecutions();
  const seenTokens = new Set<string>();
  const seenSubjects = new Set<string>();
  const refusals = { missing: 0, invalid: 0 };
  const mcp = mcpHandler(() => createTestServer(executions));
  const handlers: { handle?: (request: IncomingMessage, response: ServerResponse) => Promise<void> } = {};
  const listening = await listen((request, response) => {
    handlers.handle?.(request, response).catch(() => response.destroy());
  });
  const url = `${listening.origin}/mcp`;
  const authorization = await startAuthorizationServer({ ...options, resources: [url] });
  const keys = createLocalJWKSet(authorization.jwks);
  const metadataUrl = `${listening.origin}/.well-known/oauth-protected-resource/mcp`;

  const isValid = async (token: string): Promise<boolean> => {
    if (authorization.isRevoked(token)) return false;
    const expected = { issuer: authorization.issuer, audience: url, typ: "at+jwt", algorithms: ["RS256"] };
    return jwtVerify(token, keys, expected).then(
      ({ payload }) => {
        seenSubjects.add(payload.sub ?? "");
        return true;
      },
      () => false,
    );
  };

  handlers.handle = async (request, response) => {
    const { pathname } = new URL(request.url ?? "/", listening.origin);
    if (
      pathname === "/.well-known/oauth-protected-resource/mcp" ||
      pathname === "/.well-known/oauth-protected-resource"
    ) {
      const metadata = {
        resource: url,
        resource_name: "Test App",
        authorization_servers: [authorization.issuer],
        scopes_supported: ["tools"],
        bearer_methods_supported: ["header"],
      };
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(metadata));
      return;
    }
    if (pathname !== "/mcp") {
      response.writeHead(404).end();
      return;
    }
    const token = /^Bearer (.+)$/u.exec(request.headers.authorization ?? "")?.[1];
    if (token !== undefined) seenTokens.add(token);
    if (token === undefined || !(await isValid(token))) {
      refusals[token === undefined ? "missing" : "invalid"] += 1;
      const fault = token === undefined ? "" : `error="invalid_token", `;
      response.writeHead(401, {
        "www-authenticate": `Bearer ${fault}resource_metadata="${metadataUrl}", scope="tools"`,
      });
      response.end();
      return;
    }
    await mcp.handle(request, response);
  };

  return {
    url,
    origin: listening.origin,
    authorization,
    executions,
    seenTokens,
    seenSubjects,
    refusals,
    sessions: mcp.sessions,
    async [Symbol.asyncDispose]() {
      await listening[Symbol.asyncDispose]();
      await authorization[Symbol.asyncDispose]();
      await mcp.close();
    },
  };
}
