import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
const rows = readFileSync(join(ROOT, 'docs/systems.md'), 'utf8')
  .split('\n')
  .filter((line) => /^\| [A-P]\d\d \|/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, id, name, state, where]) => ({ id, name, state, where }));

describe('the table of systems', () => {
  it('has a row for each of the 126, once', () => {
    expect(rows).toHaveLength(126);
    expect(new Set(rows.map((r) => r.id)).size).toBe(126);
  });

  it('counts its own states right', () => {
    const count = (state: string): number => rows.filter((r) => r.state === state).length;
    expect(readFileSync(join(ROOT, 'docs/systems.md'), 'utf8')).toContain(
      `${count('works')} work, ${count('in part')} in part, ${count('to come')} to come: 126.`,
    );
    expect(count('works') + count('in part') + count('to come')).toBe(126);
  });

  it('says of whatever works where it is, and names only rooms that exist', () => {
    for (const { id, state, where } of rows) {
      if (state === 'to come') continue;
      expect([id, where]).toEqual([id, expect.stringMatching(/\S/)]);
      for (const [, folder] of where.matchAll(
        /\b((?:registry|enforcement|disclosure|oversight|appraisal|law)\/[a-z-]+)/g,
      )) {
        expect([id, folder, existsSync(join(ROOT, 'src', `${folder}.ts`))]).toEqual([id, folder, true]);
      }
    }
  });
});
