/** What the script in the relay's sign-in page asks the background. Types only: the script carries no library. */
export type PageQuestion =
  | { signIn: "person" }
  | { signIn: "token"; interaction: string; clientId: string; redirectUri: string; nonce: string };

export type PageAnswer = { person: string } | { token: string } | { refused: true };
