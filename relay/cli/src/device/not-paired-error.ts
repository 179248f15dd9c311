import { StartError } from "@agent-personas/relay/start-error";

/** Only a person can go on from here: another life of the browser would end in the same way. */
export class NotPairedError extends StartError {}
