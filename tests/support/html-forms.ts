export type FormButton = { name: string | null; value: string; text: string };

export type HtmlForm = {
  action: string;
  method: string;
  /** Every field with the value it would be sent with; what is unchecked or disabled is left out. */
  fields: [name: string, value: string][];
  /** Names a person can type into. */
  inputs: string[];
  buttons: FormButton[];
};

/** The forms of a page as a browser without script sees them. */
export function readForms(html: string): HtmlForm[] {
  return [...html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/giu)].map(([, head = "", body = ""]) => {
    const form = attributes(head);
    const fields: [string, string][] = [];
    const inputs: string[] = [];
    for (const [, text = ""] of body.matchAll(/<input\b([^>]*)>/giu)) {
      const input = attributes(text);
      const [name, type = "text"] = [input.get("name"), input.get("type")];
      if (name === undefined || input.has("disabled") || type === "submit") continue;
      if ((type === "checkbox" || type === "radio") && !input.has("checked")) continue;
      if (type === "text" || type === "password") inputs.push(name);
      fields.push([name, input.get("value") ?? (type === "checkbox" || type === "radio" ? "on" : "")]);
    }
    for (const [, text = "", options = ""] of body.matchAll(/<select\b([^>]*)>([\s\S]*?)<\/select>/giu)) {
      const name = attributes(text).get("name");
      const all = [...options.matchAll(/<option\b([^>]*)>/giu)].map(([, option = ""]) => attributes(option));
      const chosen = all.find((option) => option.has("selected")) ?? all.find((option) => !option.has("disabled"));
      if (name !== undefined && chosen !== undefined) fields.push([name, chosen.get("value") ?? ""]);
    }
    return {
      action: form.get("action") ?? "",
      method: (form.get("method") ?? "get").toUpperCase(),
      fields,
      inputs,
      buttons: [...body.matchAll(/<button\b([^>]*)>([\s\S]*?)<\/button>/giu)].map(([, text = "", label = ""]) => {
        const button = attributes(text);
        return {
          name: button.get("name") ?? null,
          value: button.get("value") ?? "",
          text: decode(label.replaceAll(/<[^>]*>/gu, "")).trim(),
        };
      }),
    };
  });
}

function attributes(text: string): Map<string, string> {
  const found = [...text.matchAll(/([\w:-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/gu)];
  return new Map(
    found.map(([, name = "", double, single, bare]) => [name.toLowerCase(), decode(double ?? single ?? bare ?? "")]),
  );
}

const ENTITIES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'", "#x27": "'" };

const decode = (text: string): string =>
  text.replaceAll(/&(#?\w+);/gu, (whole, name: string) => ENTITIES[name] ?? whole);
