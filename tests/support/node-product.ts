import { startNodeDevice, type NodeDevice } from "@agent-personas/extension/test-support/node-device/node-device";
import { startDeviceProcesses, type DeviceInProcess } from "./device-processes.ts";
import { pair } from "./product.ts";
import { startTestRelay, type TestRelay } from "./relay.ts";

/** A relay and, paired with it, the extension in Node: everything but the browser. */
type RelayWith<Device> = { relay: TestRelay; device: Device } & AsyncDisposable;
/** All of it in one process. */
export type NodeProduct = RelayWith<NodeDevice>;
/** The extension in a process of its own, which can be killed. */
export type KillableProduct = RelayWith<DeviceInProcess>;

type Options = NonNullable<Parameters<typeof startTestRelay>[0]>;

export async function startNodeProduct(options: Options = {}): Promise<NodeProduct> {
  await using stack = new AsyncDisposableStack();
  const relay = stack.use(await startTestRelay(options));
  const device = stack.use(startNodeDevice());
  await pair(device, relay);
  const life = stack.move();
  return { relay, device, [Symbol.asyncDispose]: () => life.disposeAsync() };
}

export async function startKillableProduct(options: Options = {}): Promise<KillableProduct> {
  await using stack = new AsyncDisposableStack();
  const relay = stack.use(await startTestRelay(options));
  const device = stack.use(startDeviceProcesses()).device(0);
  await pair(device, relay);
  const life = stack.move();
  return { relay, device, [Symbol.asyncDispose]: () => life.disposeAsync() };
}
