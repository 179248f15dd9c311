/** Removes the Origin of this extension's requests to one address; true when that is new. */
export type OriginRules = { strip(url: string): Promise<boolean> };
