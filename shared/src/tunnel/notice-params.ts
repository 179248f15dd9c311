import { nestedTooDeep } from "../primitives/nested-too-deep.ts";
import { LISTENED_URI_LENGTH, NOTICE_LENGTH, type Notice } from "./messages.ts";

/**
 * What is passed on of a notice's parameters. A changed list has none: the method says it all, and one notice may stand
 * for several. Of an updated resource all that is short, else its address alone; null when it names none that fits.
 */
export function noticeParams({ method, params }: Pick<Notice, "method" | "params">): Notice["params"] | null {
  if (method !== "notifications/resources/updated") return {};
  const uri = params["uri"];
  if (typeof uri !== "string" || uri === "" || uri.length > LISTENED_URI_LENGTH) return null;
  return !nestedTooDeep(params) && JSON.stringify(params).length <= NOTICE_LENGTH ? params : { uri };
}
