const { compare } = new Intl.Collator(undefined, { numeric: true });

/** Order of names as people of this language write them; what ends in 10 comes after what ends in 9. */
export const compareNames = (a: string, b: string): number => compare(a, b);
