import { clientFamily, type ClientFamily } from "@agent-personas/shared/mcp/client-family";
import type { Exchange } from "./exchange.ts";

/** How schemas have to be written for whoever asks, unless the persona's owner wants them as they are. */
export const familyOf = ({ persona, client }: Pick<Exchange, "persona" | "client">): ClientFamily =>
  persona.version.lossless === true ? "lossless" : clientFamily(client);
