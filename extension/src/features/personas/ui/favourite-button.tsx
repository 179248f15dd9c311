import { Star } from "lucide-react";
import { i18n } from "#i18n";
import { cn } from "../../../ui/cn.ts";
import { IconButton } from "../../../ui/icon-button.tsx";
import { toolKey } from "../draft-state.ts";
import { favouriteKeys, MAX_FAVOURITES, toggleFavourite } from "../search-draft.ts";
import type { WizardDraft, WizardTool } from "../wizard-draft.ts";

type FavouriteButtonProps = {
  tool: WizardTool;
  label: string;
  draft: WizardDraft;
  onChange: (draft: WizardDraft) => void;
  tabIndex: number;
};

/** In search mode: whether the endpoint lists this tool beside the two that find and call the others. */
export function FavouriteButton({ tool, label, draft, onChange, tabIndex }: FavouriteButtonProps) {
  const favourites = favouriteKeys(draft);
  const pressed = favourites.has(toolKey(tool));
  return (
    <IconButton
      size="sm"
      label={i18n.t("search.favourite", { tool: label })}
      aria-pressed={pressed}
      disabled={!pressed && favourites.size >= MAX_FAVOURITES}
      tabIndex={tabIndex}
      onClick={() => onChange(toggleFavourite(draft, tool))}
    >
      <Star aria-hidden className={cn(pressed && "fill-accent text-accent-ink")} />
    </IconButton>
  );
}
