import { startNodeDevice, type NodeDevice } from "@agent-personas/extension/test-support/node-device/node-device";
import { z } from "zod";
import { connectV2 } from "./clients.ts";
import { openPersonWindow, type PersonWindow } from "./person-window.ts";
import { deploy, keyFor, pair, type App, type Commands } from "./product.ts";
import { startTestRelay, type TestRelay } from "./relay.ts";

/** Relay and extension in Node with a person before its window, for connections that sign in as they are told. */
export type SignInWayWorld = {
  relay: TestRelay;
  device: NodeDevice;
  window: PersonWindow;
  /** Milliseconds by which extension and relay are ahead of everybody else: what they were given ends that much earlier. */
  clock: { ahead: number };
} & AsyncDisposable;

type Options = {
  /** Who signs in where a page asks. */
  account?: string;
  publicUrl?: string;
  onListening?: (port: number) => void;
};

export async function startSignInWayWorld(options: Options = {}): Promise<SignInWayWorld> {
  const clock = { ahead: 0 };
  const now = (): number => Date.now() + clock.ahead;
  const window = openPersonWindow(options);
  await using stack = new AsyncDisposableStack();
  const relay = stack.use(await startTestRelay({ now, ...options }));
  options.onListening?.(relay.port);
  const device = stack.use(startNodeDevice({ signIn: window.signIn, now }));
  await pair(device, relay);
  const life = stack.move();
  return { relay, device, window, clock, [Symbol.asyncDispose]: () => life.disposeAsync() };
}

const addedSchema = z.object({ appId: z.string(), connectionId: z.string() });

/** Adds an app whose connection is to sign in that way; Connect is left to the caller. */
export async function addApp(device: Commands, url: string, signIn: Record<string, unknown>): Promise<App> {
  const app = addedSchema.parse(await device.command("apps.add", { url, name: `App at ${new URL(url).port}` }));
  await device.command("apps.set-sign-in", { connectionId: app.connectionId, signIn });
  return app;
}

export const connect = ({ device }: { device: Commands }, { connectionId }: App): Promise<unknown> =>
  device.command("apps.connect", { connectionId });

/** A client of a persona with all tools of an app. */
export type Caller = {
  /** What the tool answers, or the code of the fault. */
  call: (message: string) => Promise<string>;
} & AsyncDisposable;

const answerSchema = z.looseObject({ content: z.array(z.looseObject({ text: z.string() })) });
const FAULT = /\b(?:app|outcome|device|persona|connect|tool)_[a-z_]+\b/u;

export async function publish(
  { device, relay }: { device: Commands; relay: Pick<TestRelay, "url"> },
  app: App,
): Promise<Caller> {
  const name = `Persona of ${app.appId.slice(-6)}`;
  const persona = await deploy(device, relay, app, { name, prefixing: false });
  const { client, [Symbol.asyncDispose]: close } = await connectV2(await keyFor(device, persona));
  return {
    async call(message) {
      const answer = await client.callTool({ name: "echo", arguments: { message } });
      if (answer.isError !== true) return answerSchema.parse(answer).content[0]?.text ?? "";
      return FAULT.exec(JSON.stringify(answer))?.[0] ?? JSON.stringify(answer);
    },
    [Symbol.asyncDispose]: close,
  };
}

/** Connects an app and publishes it. */
export async function connectAndPublish(
  world: { device: Commands; relay: Pick<TestRelay, "url"> },
  url: string,
  signIn: Record<string, unknown>,
): Promise<Caller> {
  const app = await addApp(world.device, url, signIn);
  await connect(world, app);
  return publish(world, app);
}
