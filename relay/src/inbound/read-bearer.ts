import { invalidToken } from "./invalid-token.ts";

/** The credential of an Authorization header. @throws AppError `invalid_token` */
export function readBearer(authorization: string | undefined): string {
  const header = (authorization ?? "").trim();
  if (header === "") throw invalidToken("The credential is missing from the Authorization header.");
  const match = /^Bearer +(\S+)$/iu.exec(header);
  if (match === null) throw invalidToken("The Authorization header must be “Bearer” and the credential.");
  return match[1] ?? "";
}
