/** Comments, strings, quoted names and dollar quotes: where a semicolon ends nothing. */
const OPAQUE = /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w*)\$[\s\S]*?\$\1\$|;/g;

/** A statement of a script; `start` and `end` are offsets, `line` counts from 1 and is that of its first word. */
export type Statement = { text: string; start: number; end: number; line: number };

/** Splits a script, only to tell which of its statements failed: scripts are always sent whole. */
export function statementsOf(script: string): Statement[] {
  const statements: Statement[] = [];
  let start = 0;
  const push = (end: number) => {
    const raw = script.slice(start, end);
    const lead = /^(?:\s|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*/.exec(raw)?.[0].length ?? 0;
    if (lead < raw.length)
      statements.push({ text: raw.slice(lead).trim(), start, end, line: script.slice(0, start + lead).split('\n').length });
    start = end + 1;
  };
  for (const match of script.matchAll(OPAQUE)) if (match[0] === ';') push(match.index);
  push(script.length);
  return statements;
}

/** The statement that contains an offset, otherwise the one after `completed` others. */
export function failedStatement(script: string, offset: number | undefined, completed: number): Statement | undefined {
  const statements = statementsOf(script);
  return offset === undefined ? statements[completed] : statements.find(({ start, end }) => offset >= start && offset <= end);
}

/** Whether a script, sent whole, either happens or does not. */
export function isOneTransaction(script: string): boolean {
  return !statementsOf(script).some(({ text }) => /^(begin|start|commit|end|rollback|vacuum)\b|\bconcurrently\b/i.test(text));
}
