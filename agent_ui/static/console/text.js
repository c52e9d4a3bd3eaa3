// A message's text as it is shown: the quoted history folded away. Pure.

const QUOTED = /^\s*>/;
const FOLD_FROM = 3;

/** The text, and the quotation at its end where that is three lines or more.
 * @param {string} text */
export function unquoted(text) {
  const lines = text.trimEnd().split("\n");
  let from = lines.length;
  while (from > 0 && (QUOTED.test(lines[from - 1] ?? "") || !lines[from - 1]?.trim())) from--;
  if (from === 0 || lines.length - from < FOLD_FROM) return { said: text.trimEnd(), quoted: "" };
  return {
    said: lines.slice(0, from).join("\n"),
    quoted: lines.slice(from).join("\n").trim(),
  };
}
