import { expect, test } from 'vitest';
import { headerLines } from './header-lines.ts';

test('each header is a line with its end', () => {
  expect(headerLines([])).toBe('');
  expect(headerLines(['a', 'x y\té', 'b', ''])).toBe('a: x y\té\r\nb: \r\n');
});

test.each(['x\r\nhost: elsewhere', 'x\n', 'x\r', '\0', '\u007f', '가'])(
  'what would be another header, or none, is refused: %j',
  (value) => {
    expect(() => headerLines(['a', 'x', 'b', value])).toThrow('the header b has a character that no header may have');
  },
);
