import { expect, test } from "vitest";
import { z } from "zod";
import { startAppServer, type AppServer } from "./test-support/app-server.ts";
import { serve } from "./test-support/serve.ts";
import { REDIRECT_URL, setUpApps } from "./test-support/set-up.ts";

const registrationSchema = z.looseObject({ redirect_uris: z.array(z.string()) });
const made = () => Response.json({ client_id: "made", redirect_uris: [REDIRECT_URL] }, { status: 201 });

/** An app behind an authorization server of 2025-03-26, which describes nothing; `register` answers registrations. */
async function setUp(register: () => Response) {
  const registrations: unknown[] = [];
  const stripped: string[] = [];
  const app = await startAppServer();
  const front = await serve((request) => answer(request));
  const url = `${front.origin}/mcp`;
  const strip = (stripUrl: string): Promise<boolean> => Promise.resolve(stripped.push(stripUrl) > 0);
  const apps = await setUpApps({ originRules: { strip } });
  const answer = async (request: Request): Promise<Response> => {
    const { pathname, searchParams } = new URL(request.url);
    switch (pathname) {
      case "/mcp":
        return request.headers.get("authorization") === "Bearer token"
          ? forward(request, app)
          : new Response("not so", { status: 401 });
      case "/register":
        registrations.push(await request.json());
        return register();
      case "/authorize":
        return Response.redirect(`${REDIRECT_URL}?code=code&state=${searchParams.get("state")}`);
      case "/token":
        return Response.json({ access_token: "token", token_type: "Bearer" });
      default:
        return new Response(null, { status: 404 });
    }
  };
  return {
    apps,
    url,
    registrations,
    stripped,
    credentials: async () => (await apps.database.apps.toArray()).map(({ credential }) => credential),
    async [Symbol.asyncDispose]() {
      await apps[Symbol.asyncDispose]();
      await front[Symbol.asyncDispose]();
      await app[Symbol.asyncDispose]();
    },
  };
}

function forward(request: Request, app: AppServer): Promise<Response> {
  const headers = new Headers(request.headers);
  for (const name of ["authorization", "host", "connection", "content-length", "transfer-encoding"]) {
    headers.delete(name);
  }
  const init: RequestInit & { duplex: "half" } = {
    method: request.method,
    headers,
    body: request.body,
    duplex: "half",
  };
  return fetch(app.url, init);
}

test("to look at an app that describes nothing registers nobody there", async () => {
  await using scene = await setUp(made);
  expect(await scene.apps.gateway.probe(scene.url)).toMatchObject({ credential: "headers", authorizationOrigins: [] });
  expect(scene.registrations).toEqual([]);
});

test("who connects without a header signs in at a server of 2025-03-26, with the one client registered there", async () => {
  await using scene = await setUp(made);
  const connectionId = await scene.apps.add(scene.url, "headers");
  expect(await scene.apps.gateway.connect(connectionId)).toMatchObject({ tools: 3 });
  expect(await scene.credentials()).toEqual(["oauth"]);
  await scene.apps.database.connections.update(connectionId, { status: "needs_sign_in" });
  expect(await scene.apps.gateway.connect(connectionId)).toMatchObject({ tools: 3 });
  expect(scene.registrations).toHaveLength(1);
  expect(registrationSchema.parse(scene.registrations[0]).redirect_uris).toContain(REDIRECT_URL);
});

test.each([
  ["refuses everybody", () => new Response(null, { status: 403 })],
  ["wants a key there, too", () => Response.json({ error: "unauthorized" }, { status: 401 })],
  ["says something else there", () => Response.json("Welcome")],
])("an app that %s goes on to take headers, and gets no rule for its origin", async (_what, register) => {
  await using scene = await setUp(register);
  const connectionId = await scene.apps.add(scene.url, "headers");
  await expect(scene.apps.gateway.connect(connectionId)).rejects.toMatchObject({ code: "connect_client_rejected" });
  expect(await scene.credentials()).toEqual(["headers"]);
  expect(scene.stripped).toEqual([]);
});

test("an app that registers anybody and signs nobody in goes on to take headers, and is not registered at with one", async () => {
  await using scene = await setUp(made);
  const connectionId = await scene.apps.add(scene.url, "headers");
  scene.apps.identity.launchWebAuthFlow = () => Promise.reject(new Error("The user did not approve access."));
  await expect(scene.apps.gateway.connect(connectionId)).rejects.toMatchObject({ code: "connect_denied" });
  expect(await scene.credentials()).toEqual(["headers"]);
  await scene.apps.gateway.setHeaders(connectionId, { authorization: "Bearer token" });
  expect(await scene.apps.gateway.connect(connectionId)).toMatchObject({ tools: 3 });
  expect(scene.registrations).toHaveLength(1);
});
