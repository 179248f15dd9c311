/** What a paired device needs to prove itself to its relay. */
export type Identity = {
  relayUrl: string;
  deviceId: string;
  privateKey: CryptoKey;
  /** Relay's clock minus ours, in ms. */
  clockOffset: number;
};

export type IdentitySource = {
  /** null while this installation is not paired. */
  load: () => Promise<Identity | null>;
  keepClockOffset: (offset: number) => Promise<void>;
};
