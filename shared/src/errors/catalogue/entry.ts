/** Facts an error's text may use; each value is plain text for people, never a secret. */
export type ErrorDetail = Readonly<Record<string, string>>;

export type Entry = {
  /** HTTP status where the fault is answered as HTTP; tool calls carry the text as an isError result. */
  status: number;
  title: string;
  text: (detail: ErrorDetail) => string;
  /** What the reader does next: one imperative sentence. */
  next: (detail: ErrorDetail) => string;
};

export const entry = (
  status: number,
  title: string,
  text: string | ((detail: ErrorDetail) => string),
  next: string | ((detail: ErrorDetail) => string),
): Entry => ({
  status,
  title,
  text: typeof text === "string" ? () => text : text,
  next: typeof next === "string" ? () => next : next,
});

export const appName = (detail: ErrorDetail): string => detail["app"] ?? "The app";
/** The same where it does not begin the sentence. */
export const appInside = (detail: ErrorDetail): string => detail["app"] ?? "the app";
export const NOTHING = "Nothing was executed.";
