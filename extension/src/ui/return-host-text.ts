import { i18n } from "#i18n";
import { plainLine } from "../lib/hidden-characters.ts";

/** How the relay names a loopback address, whichever computer that is. */
const LOOPBACK = "this computer";

/** Where a client's answer goes: a host, a scheme, or a program on the computer that the client runs on. */
export const returnHostText = (redirectHost: string): string =>
  redirectHost === LOOPBACK ? i18n.t("ui.clientsComputer") : plainLine(redirectHost);
