import { useEffect, useState } from "react";
import { useCommand } from "../../../ui/use-command.ts";
import { toolKey, toPersonaDraft } from "../draft-state.ts";
import type { WizardDraft } from "../wizard-draft.ts";

const ASK_AFTER_MS = 200;

export type NamePreview = {
  /** Exposed names by `toolKey`, as saving would give them; of the last draft that could be named. */
  names: ReadonlyMap<string, string>;
  /** The same of prompts. */
  prompts: ReadonlyMap<string, string>;
  collisions: readonly string[];
};

/** Asks for the names of the chosen tools and prompts whenever something that makes them changes. */
export function useNamePreview(draft: WizardDraft): NamePreview {
  const [preview, setPreview] = useState<NamePreview>({ names: new Map(), prompts: new Map(), collisions: [] });
  const { run } = useCommand("personas.preview-names");
  const { slots, tools, items, prefixing, personaId, baseVersion } = draft;
  useEffect(() => {
    const timer = setTimeout(() => {
      // Names depend on no text of the first step; fixed ones keep typing there from asking again.
      const asked = toPersonaDraft({
        slots,
        tools,
        items,
        prefixing,
        personaId,
        baseVersion,
        name: "-",
        description: "",
        inbound: { accessKeys: true, interactive: true },
        policies: { read: "allow", write: "allow", destructive: "never" },
      });
      if (asked === null) return;
      void run({ draft: asked }).then((answer) => {
        if (answer === undefined) return;
        setPreview({
          names: new Map(answer.tools.map((tool) => [toolKey(tool), tool.exposedName])),
          prompts: new Map(answer.prompts.map((prompt) => [toolKey(prompt), prompt.exposedName])),
          collisions: answer.collisions,
        });
      });
    }, ASK_AFTER_MS);
    return () => clearTimeout(timer);
  }, [slots, tools, items, prefixing, personaId, baseVersion, run]);
  return preview;
}
