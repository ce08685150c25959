/** What follows is a value, to the end. */
const TAILS = [
  /(cannot represent (?:a |an )?(?:[\w-]+ )*?value): .*/s,
  /(cannot represent (?:an invalid date-time-string|an invalid Unix timestamp|non string or Date type)) .*/s,
  /(Expected value of type "[^"]*"), found .*/s,
];
const TOKEN = /(String|BlockString|Int|Float|Name) ".*"/s;
const IN_ENUM = /Value ".*" does not exist in "/s;
const VARIABLE = /got invalid value .*?(?: at "(\$?\w+(?:\.\w+|\[\d+\])*)")?; (?=[^;]*$)/s;

/**
 * GraphQL's own message about what is wrong with a document or a variable, without the value that is: what somebody mistyped may be
 * a card's number or a password.
 */
export function withoutValues(message: string): string {
  const told = TAILS.reduce((text, tail) => text.replace(tail, '$1'), message)
    .replace(IN_ENUM, 'The value does not exist in "')
    .replace(VARIABLE, (_, at?: string) => `got an invalid value${at ? ` at "${at}"` : ''}; `);
  return told.startsWith('Syntax Error') ? told.replace(TOKEN, '$1') : told;
}
