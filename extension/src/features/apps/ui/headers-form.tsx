import { Plus, X } from "lucide-react";
import { useState, type FormEvent } from "react";
import { i18n } from "#i18n";
import type { ConnectionRow } from "../../../db/rows.ts";
import { Button } from "../../../ui/button.tsx";
import { ErrorState } from "../../../ui/error-state.tsx";
import { Field } from "../../../ui/field.tsx";
import { IconButton } from "../../../ui/icon-button.tsx";
import { Input } from "../../../ui/input.tsx";
import { useCommand } from "../../../ui/use-command.ts";
import { headerProblem, headersOf, type HeaderProblem, type HeaderRow } from "./header-rows.ts";

const MAX_HEADERS = 16;

type HeadersFormProps = {
  connection: ConnectionRow;
  action: string;
  /** Called inside the click; runs `save` after it has asked the browser for what it needs. */
  onSubmit: (save: () => Promise<boolean>) => void;
};

/** Values are written, never shown again: a saved header offers its name only. */
export function HeadersForm({ connection, action, onSubmit }: HeadersFormProps) {
  const [rows, setRows] = useState<HeaderRow[]>(() =>
    connection.headerNames.length > 0
      ? connection.headerNames.map((name) => ({ name, value: "" }))
      : [{ name: "Authorization", value: "" }],
  );
  const [tried, setTried] = useState(false);
  const save = useCommand("apps.set-headers");
  const problem = headerProblem(rows);
  const change = (index: number, changes: Partial<HeaderRow>) =>
    setRows(rows.map((row, at) => (at === index ? { ...row, ...changes } : row)));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (problem !== null) return;
    onSubmit(async () => {
      const saved = await save.run({ connectionId: connection.connectionId, headers: headersOf(rows) });
      return saved !== undefined;
    });
  };
  return (
    <form className="flex flex-col gap-3" onSubmit={submit} noValidate>
      <p className="text-base text-muted">{i18n.t("apps.headersText")}</p>
      {rows.map((row, index) => (
        <div key={index} className="grid grid-cols-[minmax(0,1fr)_auto] items-end gap-2 sm:grid-cols-[2fr_3fr_auto]">
          <Field label={i18n.t("apps.headerName")} className="max-sm:col-span-2">
            <Input
              value={row.name}
              onChange={(event) => change(index, { name: event.target.value })}
              autoComplete="off"
              spellCheck={false}
              dir="ltr"
            />
          </Field>
          <Field label={i18n.t("apps.headerValue")}>
            <Input
              type="password"
              value={row.value}
              onChange={(event) => change(index, { value: event.target.value })}
              autoComplete="off"
              spellCheck={false}
              placeholder={connection.headerNames.includes(row.name) ? i18n.t("apps.headerKept") : ""}
              dir="ltr"
            />
          </Field>
          <IconButton
            label={i18n.t("apps.removeHeader", { header: row.name })}
            disabled={rows.length === 1}
            onClick={() => setRows(rows.filter((_, at) => at !== index))}
          >
            <X aria-hidden />
          </IconButton>
        </div>
      ))}
      {tried && problem !== null && (
        <p role="alert" className="text-sm text-danger-ink">
          {problemText(problem)}
        </p>
      )}
      {save.error && <ErrorState error={save.error} />}
      <div className="flex flex-wrap justify-between gap-2">
        <Button
          variant="ghost"
          disabled={rows.length >= MAX_HEADERS}
          onClick={() => setRows([...rows, { name: "", value: "" }])}
        >
          <Plus aria-hidden />
          {i18n.t("apps.addHeader")}
        </Button>
        <Button type="submit" variant="primary" pending={save.pending}>
          {action}
        </Button>
      </div>
    </form>
  );
}

function problemText(problem: HeaderProblem): string {
  switch (problem) {
    case "empty":
      return i18n.t("apps.headerProblemEmpty");
    case "name":
      return i18n.t("apps.headerProblemName");
    case "value":
      return i18n.t("apps.headerProblemValue");
    case "repeated":
      return i18n.t("apps.headerProblemRepeated");
  }
}
