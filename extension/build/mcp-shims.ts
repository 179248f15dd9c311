/**
 * What the MCP SDK takes from its platform. The extension hands every client a validator of its own and reaches apps
 * by host permission, so neither a JSON-Schema validator nor a CORS retry has a place in the bundle.
 */
export const CORS_IS_POSSIBLE = false;

export class DefaultJsonSchemaValidator {
  getValidator(): never {
    throw new Error("Every client is made with its own validator.");
  }
}
