import { i18n } from "#i18n";
import { MAX_PICKED_ITEMS, type DraftProblem } from "../draft-problems.ts";

type StepProblemsProps = { problems: readonly DraftProblem[]; collisions: readonly string[] };

/** What keeps the tool step from being left. */
export function StepProblems({ problems, collisions }: StepProblemsProps) {
  const has = (code: DraftProblem["code"]) => problems.some((problem) => problem.code === code);
  const texts = [
    ...(has("noTools") ? [i18n.t("wizard.noTools")] : []),
    ...(has("unserved") ? [i18n.t("wizard.unserved")] : []),
    ...(has("tooManyItems") ? [i18n.t("items.tooMany", { most: MAX_PICKED_ITEMS })] : []),
    ...(has("priceWrong") ? [i18n.t("price.correct")] : []),
    ...(problems.some((problem) => problem.field === "prefix") ? [i18n.t("wizard.prefixesWrong")] : []),
  ];
  return (
    <>
      {texts.length > 0 && (
        <div role="alert" className="rounded-md bg-danger-soft px-3 py-2 text-base text-danger-ink">
          <ul className="flex flex-col gap-1">
            {texts.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </div>
      )}
      {collisions.length > 0 && (
        <div role="alert" className="rounded-md bg-danger-soft px-3 py-2 text-base text-danger-ink">
          <p>{i18n.t("wizard.collisions")}</p>
          <p className="mt-1 font-mono text-sm break-all">{collisions.slice(0, 20).join(", ")}</p>
        </div>
      )}
    </>
  );
}
