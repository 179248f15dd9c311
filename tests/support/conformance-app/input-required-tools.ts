import { acceptedContent, inputRequired, inputResponse, type ServerContext } from "@modelcontextprotocol/server";
import { z } from "zod";
import { sample, wordsOf } from "./asking-tools.ts";
import { clientCapabilities, text, type Answer, type Register } from "./fixture.ts";

const nameSchema = z.object({ name: z.string() });
const colorSchema = z.object({ color: z.string() });
const okSchema = z.object({ ok: z.boolean() });
const stepSchema = z.object({ step: z.literal(1), name: z.string().optional() });

const askName = (message = "What is your name?") => inputRequired.elicit({ message, requestedSchema: nameSchema });
const confirm = () => inputRequired.elicit({ message: "Please confirm", requestedSchema: okSchema });

/** Tools whose first answer asks for input, each in another way. */
export const registerInputRequiredTools: Register = (server, { states }) => {
  const add = (name: string, description: string, answer: (context: ServerContext) => Answer | Promise<Answer>): void =>
    void server.registerTool(`test_input_required_result_${name}`, { description }, answer);

  add("elicitation", "Asks for a name and greets.", ({ mcpReq }) => {
    const user = acceptedContent(mcpReq.inputResponses, "user_name", nameSchema);
    if (user === undefined) return inputRequired({ inputRequests: { user_name: askName() } });
    return text(`Hello, ${user.name}!`);
  });

  add("sampling", "Asks the client's model one question.", ({ mcpReq }) => {
    const capital = inputResponse(mcpReq.inputResponses, "capital_question");
    if (capital.kind === "sampling") return text(wordsOf(capital.result.content));
    return inputRequired({ inputRequests: { capital_question: sample("What is the capital of France?", 100) } });
  });

  add("list_roots", "Asks for the client's roots.", ({ mcpReq }) => {
    const found = inputResponse(mcpReq.inputResponses, "client_roots");
    if (found.kind === "roots") return text(`Roots: ${found.roots.map(({ uri }) => uri).join(", ")}`);
    return inputRequired({ inputRequests: { client_roots: inputRequired.listRoots() } });
  });

  for (const name of ["request_state", "tampered_state"]) {
    add(name, "Asks for a confirmation and wants its own state back.", async ({ mcpReq }) => {
      const state = z.object({ tool: z.literal(name) }).safeParse(mcpReq.requestState());
      const confirmed = acceptedContent(mcpReq.inputResponses, "confirm", okSchema);
      if (state.success && confirmed !== undefined) return text(`state-ok, confirmed: ${confirmed.ok}`);
      return inputRequired({ inputRequests: { confirm: confirm() }, requestState: await states.mint({ tool: name }) });
    });
  }

  add("multiple_inputs", "Asks for a name, a greeting and the roots at once.", async ({ mcpReq }) => {
    const user = acceptedContent(mcpReq.inputResponses, "user_name", nameSchema);
    const greeting = inputResponse(mcpReq.inputResponses, "greeting");
    const found = inputResponse(mcpReq.inputResponses, "client_roots");
    if (user !== undefined && greeting.kind === "sampling" && found.kind === "roots") {
      return text(`${wordsOf(greeting.result.content)} ${user.name}, ${found.roots.length} roots`);
    }
    return inputRequired({
      inputRequests: {
        user_name: askName(),
        greeting: sample("Generate a greeting", 50),
        client_roots: inputRequired.listRoots(),
      },
      requestState: await states.mint({ tool: "multiple_inputs" }),
    });
  });

  add("multi_round", "Asks twice, the second time knowing the first answer.", async ({ mcpReq }) => {
    const { inputResponses } = mcpReq;
    const state = stepSchema.safeParse(mcpReq.requestState()).data;
    const first = acceptedContent(inputResponses, "step1", nameSchema);
    const second = acceptedContent(inputResponses, "step2", colorSchema);
    if (state?.name !== undefined && second !== undefined) return text(`${state.name} likes ${second.color}`);
    const name = state?.name ?? (state === undefined ? undefined : first?.name);
    if (name === undefined) {
      return inputRequired({
        inputRequests: { step1: askName("Step 1: What is your name?") },
        requestState: await states.mint({ step: 1 }),
      });
    }
    const question = { message: "Step 2: What is your favorite color?", requestedSchema: colorSchema };
    return inputRequired({
      inputRequests: { step2: inputRequired.elicit(question) },
      requestState: await states.mint({ step: 1, name }),
    });
  });

  add("capabilities", "Asks only for what the client said it can do.", (context) => {
    const { inputResponses } = context.mcpReq;
    const can = clientCapabilities(server, context);
    const asks = [
      ...(can.sampling === undefined ? [] : [["sampled", sample("Say something.", 20)] as const]),
      ...(can.elicitation === undefined ? [] : [["elicited", askName()] as const]),
      ...(can.roots === undefined ? [] : [["client_roots", inputRequired.listRoots()] as const]),
    ];
    const answered = asks.filter(([key]) => inputResponse(inputResponses, key).kind !== "missing");
    if (answered.length === asks.length) return text(`${answered.length} requests were answered.`);
    return inputRequired({ inputRequests: Object.fromEntries(asks) });
  });
};
