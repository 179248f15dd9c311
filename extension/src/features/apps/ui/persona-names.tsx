import { Badge } from "../../../ui/badge.tsx";
import type { AppSummary } from "./app-view.ts";

/** The personas an action touches, named before it is confirmed; nothing when there are none. */
export function PersonaNames({ personas, lead }: { personas: AppSummary["personas"]; lead: string }) {
  if (personas.length === 0) return null;
  return (
    <div className="flex flex-col gap-1.5">
      <p className="text-sm text-muted">{lead}</p>
      <ul className="flex max-h-40 flex-wrap gap-1.5 overflow-y-auto">
        {personas.map(({ personaId, name }) => (
          <li key={personaId} className="max-w-full min-w-0">
            <Badge className="max-w-full">
              <span className="truncate">{name}</span>
            </Badge>
          </li>
        ))}
      </ul>
    </div>
  );
}
