// Asks for an answer, which comes as lines of JSON: how far it is, at last the answer itself.

/** @import {Answer, Question} from "./types.js" */

/** What the server said instead of an answer, in words for a person, and of which field. */
export class No extends Error {
  /** @param {{message: string, field?: string}} said */
  constructor({ message, field }) {
    super(message);
    this.field = field ?? "";
  }
}

/** Rejects with No where it is refused, with AbortError where it was cancelled.
 * @param {Question} question
 * @param {AbortSignal} signal
 * @param {(done: number, of: number) => void} told
 * @returns {Promise<Answer>} */
export async function ask(question, signal, told) {
  // What is refused is said in the language of the page.
  const reply = await fetch(`/api/whatif?lang=${document.documentElement.lang}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify(question),
    signal,
  });
  if (!reply.ok || !reply.body) throw new No(await reply.json());
  const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    const lines = (rest + (value ?? "")).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const said = JSON.parse(line);
      if (said.answer) return said.answer;
      told(said.done, said.of);
    }
    if (done) throw new Error("the answer broke off");
  }
}
