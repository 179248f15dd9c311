import { SearchX, Wrench } from "lucide-react";
import { useMemo, useState } from "react";
import { i18n } from "#i18n";
import type { ConnectionRow, ToolRow } from "../../../db/rows.ts";
import { Button } from "../../../ui/button.tsx";
import { Card } from "../../../ui/card.tsx";
import { EmptyState } from "../../../ui/empty-state.tsx";
import { ErrorState } from "../../../ui/error-state.tsx";
import { SearchInput } from "../../../ui/search-input.tsx";
import { Section } from "../../../ui/section.tsx";
import { Select } from "../../../ui/select.tsx";
import { SkeletonRows } from "../../../ui/skeleton.tsx";
import { useLive } from "../../../ui/use-live.ts";
import { VirtualList } from "../../../ui/virtual-list.tsx";
import { matchesTool } from "./app-view.ts";
import { LeftOutTools } from "./left-out-tools.tsx";
import { ToolRowView } from "./tool-row-view.tsx";

const SEARCH_FROM = 8;
const NO_TOOLS: ToolRow[] = [];

/** The tools as one account was shown them; accounts of one app may differ. */
export function AppTools({ connections }: { connections: ConnectionRow[] }) {
  const [picked, setPicked] = useState<string | null>(null);
  const [query, setQuery] = useState("");
  const connectionId = picked ?? connections[0]?.connectionId ?? "";
  const tools = useLive(
    (database) => database.tools.where("connectionId").equals(connectionId).sortBy("name"),
    connectionId,
  );
  const leftOut = connections.find((connection) => connection.connectionId === connectionId)?.leftOut;
  const all = tools.state === "ready" ? tools.value : NO_TOOLS;
  const shown = useMemo(() => all.filter((tool) => matchesTool(tool, query)), [all, query]);
  return (
    <Section
      title={i18n.t("apps.toolsTitle")}
      {...(tools.state === "ready" && all.length > 0 && { description: i18n.t("apps.toolsText", all.length) })}
      actions={
        connections.length > 1 && (
          <Select
            label={i18n.t("apps.account")}
            size="sm"
            value={connectionId}
            onChange={setPicked}
            options={connections.map((connection) => ({ value: connection.connectionId, label: connection.label }))}
            className="w-44"
          />
        )
      }
    >
      {all.length >= SEARCH_FROM && (
        <SearchInput label={i18n.t("apps.searchTools")} value={query} onChange={setQuery} className="max-w-sm" />
      )}
      {tools.state === "failed" && <ErrorState error={tools.error} />}
      <Card>
        {tools.state === "loading" && <SkeletonRows rows={5} />}
        {tools.state === "ready" && all.length === 0 && (
          <EmptyState
            icon={Wrench}
            title={i18n.t("apps.noToolsTitle")}
            text={i18n.t("apps.noToolsText")}
            className="py-8"
          />
        )}
        {all.length > 0 && shown.length === 0 && (
          <EmptyState
            icon={SearchX}
            title={i18n.t("apps.noMatch", { query })}
            action={<Button onClick={() => setQuery("")}>{i18n.t("ui.clearSearch")}</Button>}
            className="py-8"
          />
        )}
        {shown.length > 0 && (
          <VirtualList items={shown} keyOf={(tool) => tool.name} estimate={59} label={i18n.t("apps.toolsTitle")}>
            {(tool) => <ToolRowView tool={tool} />}
          </VirtualList>
        )}
      </Card>
      {leftOut !== undefined && <LeftOutTools leftOut={leftOut} />}
    </Section>
  );
}
