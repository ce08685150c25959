const NOT_IN_HEADERS = /[^\t\x20-\x7e\x80-\xff]/;

/**
 * Headers as HTTP/1.1 writes them, each with its end.
 * @param headers name, value, name, value, …
 * @throws TypeError when a value could not be sent as it is
 */
export function headerLines(headers: readonly string[]): string {
  let lines = '';
  for (let at = 0; at < headers.length; at += 2) {
    const value = headers[at + 1] as string;
    if (NOT_IN_HEADERS.test(value)) throw new TypeError(`the header ${headers[at]} has a character that no header may have`);
    lines += `${headers[at]}: ${value}\r\n`;
  }
  return lines;
}
