import { plainToInstance } from 'class-transformer';
import { validateCommand } from '../../src/ledger/deciding/command-validation';
import { Optional, Part, Parts, Text } from '../../src/kernel/fields';

class Line {
  @Text(10) text!: string;
}
class Sheet {
  @Optional() @Part(() => Line) line?: Line;
  @Optional() @Parts(() => Line, 1, 3) lines?: Line[];
}
const check = (body: object) => () => validateCommand(plainToInstance(Sheet, body));

test('a nested object is an object, and a list holds objects', () => {
  expect(check({ line: { text: 'a' }, lines: [{ text: 'b' }] })).not.toThrow();
});

// class-validator lets a list stand for a nested object, and an empty list or null for an element.
test.each([
  { line: [{ text: 'a' }] },
  { line: [] },
  { line: 'a' },
  { line: null },
  { lines: { text: 'a' } },
  { lines: [[]] },
  { lines: [[{ text: 'a' }]] },
  { lines: [null] },
  { lines: ['a'] },
  { lines: [{}] },
])('%j is refused', (body) => {
  expect(check(body)).toThrow('command.invalid');
});
