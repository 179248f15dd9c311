/** Whether a parsed body is a message of this method. */
export const isMethod = (body: unknown, method: string): boolean =>
  typeof body === "object" && body !== null && "method" in body && body.method === method;
