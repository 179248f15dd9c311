import { passthroughEndpointUrl } from "@agent-personas/shared/primitives/endpoint";
import { TriangleAlert } from "lucide-react";
import { i18n } from "#i18n";
import { Field } from "../../../ui/field.tsx";
import { Input } from "../../../ui/input.tsx";
import { RadioGroup } from "../../../ui/radio-group.tsx";
import { Textarea } from "../../../ui/textarea.tsx";
import { useRelay } from "../../../ui/use-relay.ts";
import type { DraftProblem } from "../draft-problems.ts";
import { toJwtCheck, type TokenDraft } from "../passthrough-draft.ts";
import { passthroughProblem } from "./passthrough-problem-text.ts";
import { TryToken } from "./try-token.tsx";

type PassthroughTokenProps = {
  personaId: string | null;
  slug: string | null;
  token: TokenDraft;
  onChange: (changes: Partial<TokenDraft>) => void;
  problems: readonly DraftProblem[];
};

/** Whether callers prove who they are, and by whose keys. */
export function PassthroughToken(props: PassthroughTokenProps) {
  const { token, onChange } = props;
  return (
    <div className="flex flex-col gap-4">
      <RadioGroup
        label={i18n.t("passthrough.tokenTitle")}
        value={token.on ? "on" : "off"}
        onChange={(value) => onChange({ on: value === "on" })}
        options={[
          { value: "on", label: i18n.t("passthrough.tokenOn"), hint: i18n.t("passthrough.tokenOnHint") },
          { value: "off", label: i18n.t("passthrough.tokenOff"), hint: i18n.t("passthrough.tokenOffHint") },
        ]}
      />
      {token.on ? (
        <TokenCheck {...props} />
      ) : (
        <p className="flex items-start gap-2 rounded-md bg-warning-soft px-3 py-2.5 text-base text-warning-ink">
          <TriangleAlert aria-hidden className="mt-0.5 size-4.5 shrink-0" />
          {i18n.t("passthrough.tokenOffWarning")}
        </p>
      )}
    </div>
  );
}

function TokenCheck({ personaId, slug, token, onChange, problems }: PassthroughTokenProps) {
  const relay = useRelay();
  const relayUrl = relay.state === "ready" ? (relay.value.relay?.relayUrl ?? null) : null;
  const optional = i18n.t("passthrough.optional");
  return (
    <>
      <div className="flex flex-col gap-2">
        <p className="text-sm font-medium">{i18n.t("passthrough.keysFrom")}</p>
        <RadioGroup
          orientation="horizontal"
          label={i18n.t("passthrough.keysFrom")}
          value={token.from}
          onChange={(from) => onChange({ from })}
          options={[
            { value: "url", label: i18n.t("passthrough.keysUrl") },
            { value: "inline", label: i18n.t("passthrough.keysInline") },
          ]}
        />
      </div>
      {token.from === "url" ? (
        <Field
          label={i18n.t("passthrough.jwksUrl")}
          hint={i18n.t("passthrough.jwksUrlHint")}
          error={passthroughProblem(problems, ["keysUrl", "keysUrlPrivate"])}
          required
        >
          <Input
            type="url"
            value={token.url}
            placeholder="https://login.example.com/.well-known/jwks.json"
            onChange={(event) => onChange({ url: event.target.value })}
            autoComplete="off"
            spellCheck={false}
            dir="ltr"
          />
        </Field>
      ) : (
        <Field
          label={i18n.t("passthrough.jwks")}
          hint={i18n.t("passthrough.jwksHint")}
          error={passthroughProblem(problems, ["keysForm", "keysSecret"])}
          required
        >
          <Textarea
            rows={6}
            value={token.jwks}
            placeholder={'{"keys":[{"kty":"RSA","kid":"…","n":"…","e":"AQAB"}]}'}
            onChange={(event) => onChange({ jwks: event.target.value })}
            autoComplete="off"
            spellCheck={false}
            dir="ltr"
            className="font-mono text-sm"
          />
        </Field>
      )}
      <Field
        label={i18n.t("passthrough.issuer")}
        aside={optional}
        hint={i18n.t("passthrough.issuerHint")}
        error={passthroughProblem(problems, ["issuerLong"])}
      >
        <Input
          value={token.issuer}
          placeholder="https://login.example.com"
          onChange={(event) => onChange({ issuer: event.target.value })}
          autoComplete="off"
          spellCheck={false}
          dir="ltr"
        />
      </Field>
      <Field
        label={i18n.t("passthrough.audience")}
        aside={optional}
        hint={i18n.t("passthrough.audienceHint")}
        error={passthroughProblem(problems, ["audienceLong"])}
      >
        <Input
          value={token.audience}
          placeholder={relayUrl === null || slug === null ? "" : passthroughEndpointUrl(relayUrl, slug)}
          onChange={(event) => onChange({ audience: event.target.value })}
          autoComplete="off"
          spellCheck={false}
          dir="ltr"
        />
      </Field>
      <p className="text-sm text-muted">{i18n.t("passthrough.always")}</p>
      <TryToken personaId={personaId} check={toJwtCheck(token)} />
    </>
  );
}
