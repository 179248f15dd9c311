import { startNodeDevice, type NodeDevice } from "@agent-personas/extension/test-support/node-device/node-device";
import { pair } from "./product.ts";
import { startTestRelay, type TestRelay } from "./relay.ts";

/** A relay and, paired with it, the extension in Node: everything but the browser, in one process. */
export type NodeProduct = { relay: TestRelay; device: NodeDevice } & AsyncDisposable;

export async function startNodeProduct(
  options: NonNullable<Parameters<typeof startTestRelay>[0]> = {},
): Promise<NodeProduct> {
  const relay = await startTestRelay(options);
  const device = startNodeDevice();
  await pair(device, relay);
  return {
    relay,
    device,
    async [Symbol.asyncDispose]() {
      await device[Symbol.asyncDispose]();
      await relay[Symbol.asyncDispose]();
    },
  };
}
