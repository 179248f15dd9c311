import { Plus, X } from "lucide-react";
import { useRef } from "react";
import { i18n } from "#i18n";
import { Button } from "../../../ui/button.tsx";
import { Field } from "../../../ui/field.tsx";
import { IconButton } from "../../../ui/icon-button.tsx";
import { Input } from "../../../ui/input.tsx";
import { Select } from "../../../ui/select.tsx";
import type { DraftProblem } from "../draft-problems.ts";
import { HEADER_KINDS, MAX_FORWARDED_HEADERS, type HeaderDraft } from "../passthrough-draft.ts";
import { passthroughProblem } from "./passthrough-problem-text.ts";

type PassthroughHeadersProps = {
  headers: readonly HeaderDraft[];
  tokenOn: boolean;
  onChange: (headers: HeaderDraft[]) => void;
  problems: readonly DraftProblem[];
};

/** The headers that are passed on, each with what it is for and whether callers must send it. */
export function PassthroughHeaders({ headers, tokenOn, onChange, problems }: PassthroughHeadersProps) {
  const list = useRef<HTMLUListElement>(null);
  const add = () => {
    onChange([...headers, { name: "", purpose: "", kind: "required", value: "" }]);
    setTimeout(() => list.current?.querySelector<HTMLElement>("li:last-child input")?.focus());
  };
  return (
    <div className="flex flex-col gap-3">
      {headers.length === 0 ? (
        <p className="text-base text-muted">{i18n.t("passthrough.noHeaders")}</p>
      ) : (
        <ul ref={list} aria-label={i18n.t("passthrough.headers")} className="flex flex-col gap-3">
          {headers.map((header, index) => (
            <HeaderRow
              key={index}
              header={header}
              index={index}
              tokenOn={tokenOn}
              problems={problems}
              onChange={(changes) =>
                onChange(headers.map((each, at) => (at === index ? { ...each, ...changes } : each)))
              }
              onRemove={() => onChange(headers.filter((_, at) => at !== index))}
            />
          ))}
        </ul>
      )}
      <Button size="sm" className="self-start" disabled={headers.length >= MAX_FORWARDED_HEADERS} onClick={add}>
        <Plus aria-hidden />
        {i18n.t("passthrough.addHeader")}
      </Button>
    </div>
  );
}

type HeaderRowProps = {
  header: HeaderDraft;
  index: number;
  tokenOn: boolean;
  problems: readonly DraftProblem[];
  onChange: (changes: Partial<HeaderDraft>) => void;
  onRemove: () => void;
};

function HeaderRow({ header, index, tokenOn, problems, onChange, onRemove }: HeaderRowProps) {
  const { name, purpose, kind, value } = header;
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] items-start gap-x-2 gap-y-2.5 rounded-md border border-line bg-sunken p-3 sm:grid-cols-[minmax(0,1fr)_9.5rem_auto]">
      <Field
        label={i18n.t("passthrough.header")}
        error={passthroughProblem(problems, ["headerName", "headerNever", "headerRepeated", "headerCredential"], index)}
        required
        className="max-sm:col-span-1"
      >
        <Input
          value={name}
          placeholder={i18n.t("passthrough.headerPlaceholder")}
          onChange={(event) => onChange({ name: event.target.value })}
          autoComplete="off"
          spellCheck={false}
          dir="ltr"
          className="font-mono text-sm"
        />
      </Field>
      <Field label={i18n.t("passthrough.kind")} className="max-sm:col-span-2 max-sm:row-start-2">
        <Select
          value={kind === "optional" && !tokenOn ? "required" : kind}
          onChange={(next) => onChange({ kind: next })}
          options={HEADER_KINDS.map((each) => ({
            value: each,
            label: kindText(each),
            hint: each === "optional" && !tokenOn ? i18n.t("passthrough.kindOptionalOff") : kindHint(each),
            disabled: each === "optional" && !tokenOn,
          }))}
        />
      </Field>
      <IconButton
        label={i18n.t("passthrough.removeHeader", { header: name })}
        onClick={onRemove}
        className="mt-6.5 max-sm:col-start-2 max-sm:row-start-1"
      >
        <X aria-hidden />
      </IconButton>
      {kind === "fixed" && (
        <Field
          label={i18n.t("passthrough.value")}
          hint={i18n.t("passthrough.valueHint")}
          error={passthroughProblem(problems, ["headerValue"], index)}
          required
          className="col-span-full"
        >
          <Input
            value={value}
            onChange={(event) => onChange({ value: event.target.value })}
            autoComplete="off"
            spellCheck={false}
            dir="ltr"
            className="font-mono text-sm"
          />
        </Field>
      )}
      <Field
        label={i18n.t("passthrough.purpose")}
        aside={i18n.t("passthrough.optional")}
        error={passthroughProblem(problems, ["purposeLong"], index)}
        className="col-span-full"
      >
        <Input
          value={purpose}
          placeholder={i18n.t("passthrough.purposePlaceholder")}
          onChange={(event) => onChange({ purpose: event.target.value })}
          autoComplete="off"
        />
      </Field>
    </li>
  );
}

function kindText(kind: HeaderDraft["kind"]): string {
  switch (kind) {
    case "required":
      return i18n.t("passthrough.kindRequired");
    case "optional":
      return i18n.t("passthrough.kindOptional");
    case "fixed":
      return i18n.t("passthrough.kindFixed");
  }
}

function kindHint(kind: HeaderDraft["kind"]): string {
  switch (kind) {
    case "required":
      return i18n.t("passthrough.kindRequiredHint");
    case "optional":
      return i18n.t("passthrough.kindOptionalHint");
    case "fixed":
      return i18n.t("passthrough.kindFixedHint");
  }
}
