import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BOUNDED } from '../child';
import type { DrawNotice } from '../../src/verification/draw-notice';

const text = readFileSync(join(__dirname, '../../docs/draws.md'), 'utf8');
const block = (kind: string): string => new RegExp(`\`\`\`${kind}\\n([\\s\\S]*?)\`\`\``).exec(text)![1];
const golden = JSON.parse(readFileSync(join(__dirname, '../draws/golden/draw.json'), 'utf8')) as Pick<
  DrawNotice,
  'drawn'
> & { seed: string };

test('the draw by hand in docs/draws.md gives what it says, and what the program draws', () => {
  const directory = mkdtempSync(join(tmpdir(), 'mingjing-by-hand-'));
  try {
    const printed = execFileSync('bash', ['-eu', '-c', block('sh')], { ...BOUNDED, cwd: directory, encoding: 'utf8' });
    expect(printed).toBe(block('text'));
    const [seed, ...lines] = printed.trimEnd().split('\n');
    expect(seed).toBe(`seed ${golden.seed}`);
    expect(lines.slice(0, 3)).toEqual(golden.drawn.map((d) => d.party));
  } finally {
    rmSync(directory, { recursive: true });
  }
  for (const { officers } of golden.drawn) {
    for (const officer of officers) expect(text.slice(text.indexOf('Dealt two by two'))).toContain(`\`${officer}\``);
  }
});
