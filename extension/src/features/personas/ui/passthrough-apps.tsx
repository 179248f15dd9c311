import { classifyHost } from "@agent-personas/shared/primitives/host-class";
import { i18n } from "#i18n";
import { AppIcon } from "../../../ui/app-icon.tsx";
import { Checkbox } from "../../../ui/checkbox.tsx";
import { setForwarding } from "../draft-state.ts";
import type { ToolGroup } from "../tool-groups.ts";
import type { WizardDraft } from "../wizard-draft.ts";

type PassthroughAppsProps = {
  draft: WizardDraft;
  groups: readonly ToolGroup[];
  tokenOn: boolean;
  onChange: (draft: WizardDraft) => void;
};

/** Which of the persona's apps get the callers' headers; none until the person says so. */
export function PassthroughApps({ draft, groups, tokenOn, onChange }: PassthroughAppsProps) {
  const used = usedGroups(draft, groups);
  if (used.length === 0) return <p className="text-base text-muted">{i18n.t("passthrough.noApps")}</p>;
  return (
    <div className="flex flex-col gap-2.5">
      {used.map(({ group, slot, tools }) => {
        const closed = !tokenOn && isLocalApp(group);
        return (
          <Checkbox
            key={slot.slotId}
            checked={slot.usesForwardedHeaders === true}
            disabled={closed && slot.usesForwardedHeaders !== true}
            onChange={(on) => onChange(setForwarding(draft, slot.slotId, on))}
            label={
              <span className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-0.5">
                <AppIcon name={group.title} url={group.app?.url ?? group.groupId} size="sm" />
                <span className="min-w-0 break-words">{group.title}</span>
                {group.account !== null && <span className="text-muted">{group.account}</span>}
                <span className="text-sm text-muted">{i18n.t("personas.tools", tools)}</span>
              </span>
            }
            {...(closed && { hint: i18n.t("passthrough.appLocal") })}
          />
        );
      })}
    </div>
  );
}

/** Whether no app of the persona may be opened, since nobody is asked for a token. */
export function noneMayOpen(draft: WizardDraft, groups: readonly ToolGroup[]): boolean {
  const used = usedGroups(draft, groups);
  return used.length > 0 && used.every(({ group }) => isLocalApp(group));
}

/** Without a token check, apps of this computer and its network are not for strangers. */
export function withoutLocalApps(draft: WizardDraft, groups: readonly ToolGroup[]): WizardDraft {
  return usedGroups(draft, groups)
    .filter(({ group }) => isLocalApp(group))
    .reduce((changed, { slot }) => setForwarding(changed, slot.slotId, false), draft);
}

const isLocalApp = ({ app }: ToolGroup): boolean =>
  app !== null && classifyHost(new URL(app.url).hostname) !== "public";

/** The apps of the persona that have a chosen tool. */
function usedGroups(draft: WizardDraft, groups: readonly ToolGroup[]) {
  return groups.flatMap((group) => {
    const slot = draft.slots.find(({ slotId }) => slotId === group.slotId);
    const tools = draft.tools.filter((tool) => tool.slotId === group.slotId).length;
    return slot === undefined || tools === 0 ? [] : [{ group, slot, tools }];
  });
}
