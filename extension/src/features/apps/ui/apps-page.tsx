import { Boxes, Plus, SearchX } from "lucide-react";
import { useState } from "react";
import { i18n } from "#i18n";
import { Button } from "../../../ui/button.tsx";
import { Card } from "../../../ui/card.tsx";
import { EmptyState } from "../../../ui/empty-state.tsx";
import { ErrorState } from "../../../ui/error-state.tsx";
import { PageHeader } from "../../../ui/page-header.tsx";
import { SearchInput } from "../../../ui/search-input.tsx";
import { SkeletonRows } from "../../../ui/skeleton.tsx";
import { useLive } from "../../../ui/use-live.ts";
import { VirtualList } from "../../../ui/virtual-list.tsx";
import { AddAppDialog } from "./add-app-dialog.tsx";
import { AppRow } from "./app-row.tsx";
import { readApps } from "./read-apps.ts";

const SEARCH_FROM = 8;

export function AppsPage() {
  const apps = useLive(readApps);
  const [adding, setAdding] = useState(false);
  const [query, setQuery] = useState("");
  const add = (
    <Button variant="primary" onClick={() => setAdding(true)}>
      <Plus aria-hidden />
      {i18n.t("apps.add")}
    </Button>
  );
  const all = apps.state === "ready" ? apps.value : [];
  const word = query.trim().toLowerCase();
  const shown = all.filter(({ app }) => `${app.name} ${app.url}`.toLowerCase().includes(word));
  return (
    <>
      <PageHeader
        title={i18n.t("apps.title")}
        description={i18n.t("apps.description")}
        {...(all.length > 0 && { actions: add })}
      />
      {all.length >= SEARCH_FROM && (
        <SearchInput label={i18n.t("apps.search")} value={query} onChange={setQuery} className="mb-3 max-w-sm" />
      )}
      {apps.state === "failed" && <ErrorState error={apps.error} />}
      {apps.state === "loading" && (
        <Card>
          <SkeletonRows />
        </Card>
      )}
      {apps.state === "ready" && all.length === 0 && (
        <Card>
          <EmptyState icon={Boxes} title={i18n.t("apps.emptyTitle")} text={i18n.t("apps.emptyText")} action={add} />
        </Card>
      )}
      {all.length > 0 && shown.length === 0 && (
        <Card>
          <EmptyState
            icon={SearchX}
            title={i18n.t("apps.noMatch", { query })}
            action={<Button onClick={() => setQuery("")}>{i18n.t("ui.clearSearch")}</Button>}
          />
        </Card>
      )}
      {shown.length > 0 && (
        <Card>
          <VirtualList items={shown} keyOf={({ app }) => app.appId} estimate={61} label={i18n.t("apps.title")}>
            {(summary) => <AppRow summary={summary} />}
          </VirtualList>
        </Card>
      )}
      <AddAppDialog open={adding} onOpenChange={setAdding} />
    </>
  );
}
