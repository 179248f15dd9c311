import { Boxes, Drama, Plus, SearchX } from "lucide-react";
import { useState } from "react";
import { i18n } from "#i18n";
import { Button } from "../../../ui/button.tsx";
import { Card } from "../../../ui/card.tsx";
import { EmptyState } from "../../../ui/empty-state.tsx";
import { ErrorState } from "../../../ui/error-state.tsx";
import { PageHeader } from "../../../ui/page-header.tsx";
import { hrefTo } from "../../../ui/route.ts";
import { SearchInput } from "../../../ui/search-input.tsx";
import { SkeletonRows } from "../../../ui/skeleton.tsx";
import { searchPersonas } from "../persona-summary.ts";
import { PersonaListRow } from "./persona-list-row.tsx";
import { usePersonas, type PersonaList } from "./use-personas.ts";

export function PersonaListPage() {
  const list = usePersonas();
  const some = list.state === "ready" && list.value.personas.length > 0;
  return (
    <>
      <PageHeader
        title={i18n.t("personas.title")}
        description={i18n.t("personas.intro")}
        actions={some && <CreateButton />}
      />
      {list.state === "loading" && (
        <Card>
          <SkeletonRows />
        </Card>
      )}
      {list.state === "failed" && <ErrorState error={list.error} />}
      {list.state === "ready" && <Personas list={list.value} />}
    </>
  );
}

function Personas({ list }: { list: PersonaList }) {
  const [query, setQuery] = useState("");
  if (list.personas.length === 0) return <NoPersonas apps={list.apps} />;
  const found = searchPersonas(list.personas, query);
  return (
    <div className="flex flex-col gap-3">
      <div className="flex items-center gap-3">
        <SearchInput
          value={query}
          onChange={setQuery}
          label={i18n.t("personas.search")}
          className="w-full sm:max-w-xs"
        />
        <span role="status" className="text-sm whitespace-nowrap text-muted tabular-nums">
          {i18n.t("personas.count", found.length)}
        </span>
      </div>
      <Card>
        {found.length === 0 ? (
          <EmptyState
            icon={SearchX}
            title={i18n.t("personas.noMatch")}
            text={i18n.t("personas.noMatchText", { query })}
            action={<Button onClick={() => setQuery("")}>{i18n.t("personas.showAll")}</Button>}
          />
        ) : (
          <ul aria-label={i18n.t("personas.title")} className="divide-y divide-line">
            {found.map((persona) => (
              <PersonaListRow key={persona.personaId} persona={persona} relayUrl={list.relayUrl} />
            ))}
          </ul>
        )}
      </Card>
    </div>
  );
}

/** What to do first: a persona is made from apps, so without any it leads to them. */
function NoPersonas({ apps }: { apps: number }) {
  if (apps === 0) {
    return (
      <Card>
        <EmptyState
          icon={Boxes}
          title={i18n.t("personas.emptyNoApps")}
          text={i18n.t("personas.emptyNoAppsText")}
          action={
            <>
              <Button asChild variant="primary">
                <a href={hrefTo({ page: "apps" })}>{i18n.t("personas.addApp")}</a>
              </Button>
              <Button asChild>
                <a href={hrefTo({ page: "persona-new" })}>{i18n.t("personas.create")}</a>
              </Button>
            </>
          }
        />
      </Card>
    );
  }
  return (
    <Card>
      <EmptyState
        icon={Drama}
        title={i18n.t("personas.empty")}
        text={i18n.t("personas.emptyText")}
        action={<CreateButton />}
      />
    </Card>
  );
}

const CreateButton = () => (
  <Button asChild variant="primary">
    <a href={hrefTo({ page: "persona-new" })}>
      <Plus aria-hidden />
      {i18n.t("personas.create")}
    </a>
  </Button>
);
