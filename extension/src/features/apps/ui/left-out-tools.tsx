import { i18n } from "#i18n";
import type { LeftOut, LeftOutReason } from "../../../db/rows.ts";
import { plainLine } from "../../../lib/hidden-characters.ts";

/** Tools that the app lists and that nobody can use, so that who misses one learns why. */
export function LeftOutTools({ leftOut: { tools, more, truncated } }: { leftOut: LeftOut }) {
  const count = tools.length + more;
  if (count === 0 && !truncated) return null;
  return (
    <div className="flex flex-col gap-1 text-sm text-muted">
      {count > 0 && <p>{i18n.t("apps.leftOut", count)}</p>}
      {count > 0 && (
        <ul className="flex flex-col gap-0.5">
          {tools.map(({ name, reason }, place) => (
            // One name may be listed, and left out, more than once.
            <li key={`${place} ${name}`}>
              <span className="font-mono break-all" dir="ltr">
                {plainLine(name) === "" ? i18n.t("apps.leftOutUnnamed") : plainLine(name)}
              </span>
              {": "}
              {reasonText(reason)}
            </li>
          ))}
          {more > 0 && <li>{i18n.t("apps.leftOutMore", more)}</li>}
        </ul>
      )}
      {truncated && <p>{i18n.t("apps.listTruncated")}</p>}
    </div>
  );
}

function reasonText(reason: LeftOutReason): string {
  switch (reason) {
    case "malformed":
      return i18n.t("apps.leftOutMalformed");
    case "listed_twice":
      return i18n.t("apps.leftOutTwice");
    case "too_large":
      return i18n.t("apps.leftOutLarge");
    case "invalid_header":
      return i18n.t("apps.leftOutHeader");
  }
}
