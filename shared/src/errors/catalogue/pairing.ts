import { entry, type Entry } from "./entry.ts";

/** Pairing and personas: answered to the extension. */
export const PAIRING_ERRORS = {
  pairing_code_invalid: entry(
    403,
    "The code does not work",
    "This code is unknown, used or expired.",
    "Ask for a new code and paste it again.",
  ),
  pairing_proof_invalid: entry(
    400,
    "The device could not prove its key",
    "The pairing request was not signed by the key it names.",
    "Try to pair again.",
  ),
  pairing_link_closed: entry(
    410,
    "The link is closed",
    "This link was denied, used or has expired.",
    "Create a new link on the paired browser.",
  ),
  pairing_link_mismatch: entry(
    409,
    "The link names another browser",
    "The relay did not answer with the browser that made this link. Nothing was paired.",
    "Copy the whole link from the paired browser again; if it stays, do not trust this relay.",
  ),
  last_device: entry(
    409,
    "This is the only device",
    "This is the only device of its person.",
    "Pair another device first, or keep the recovery code at hand.",
  ),
  persona_not_found: entry(
    404,
    "The persona is not known",
    "There is no such persona.",
    "Check the address; its owner may have deleted it.",
  ),
  persona_conflict: entry(
    409,
    "The persona was changed elsewhere",
    "Another device saved this persona since you opened it.",
    "Reload it and make your change again.",
  ),
  persona_signature_invalid: entry(
    400,
    "The signature does not fit",
    "The persona is not signed by the device that sent it.",
    "Save it again from the extension.",
  ),
  grant_not_found: entry(404, "The connection is not known", "There is no such AI client.", "Reload the list."),
  sign_in_not_found: entry(
    404,
    "The sign-in is over",
    "Nothing of this kind waits for this browser.",
    "Make a new code and type it on the sign-in page.",
  ),
  form_forged: entry(
    403,
    "The form was not accepted",
    "This form was not sent by a sign-in page that this browser was given. Nothing was allowed.",
    "Go back to the sign-in, reload the page and try again.",
  ),
  key_not_found: entry(404, "The access key is not known", "There is no such access key.", "Reload the list."),
} as const satisfies Record<string, Entry>;
