import type { Command } from 'commander';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { monitorCommand } from '../../src/cli/monitor.command';
import { witnessCommand } from '../../src/cli/witness.command';
import { EXIT_CODES, finding, FINDING_CODES } from '../../src/monitoring/findings';
import { openWitness } from '../../src/witness/open-witness';
import { newDirectory } from './running-witness';

const page = readFileSync(join(__dirname, '../../docs/witness.md'), 'utf8');
const commands: Readonly<Record<string, Command>> = { witness: witnessCommand(), monitor: monitorCommand() };

describe('docs/witness.md', () => {
  it('shows commands with options that there are', () => {
    const lines = [...page.matchAll(/^mingjing (witness|monitor) ([^#\n]*)/gm)];
    expect(lines.length).toBeGreaterThan(5);
    for (const [, name, rest] of lines) {
      const known = commands[name].options.map(({ long }) => long);
      for (const [option] of rest.matchAll(/--[a-z-]+/g)) expect(known).toContain(option);
    }
  });

  it('lists every finding of the monitor with its exit code', () => {
    for (const code of FINDING_CODES) {
      const { severity } = finding(code, '');
      const row = new RegExp(`^\\| [^|]*\`monitor\\.${code}\`[^|]*\\| ${EXIT_CODES[severity]} \\|`, 'm');
      expect(page).toMatch(row);
    }
  });
});

it('mingjing witness vkey makes a key the first time and prints its public half', async () => {
  const directory = join(newDirectory(), 'new');
  const written: string[] = [];
  const stdout = jest.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  const vkey = (...more: string[]): Promise<unknown> =>
    witnessCommand().parseAsync(['vkey', '--data', directory, ...more], { from: 'user' });
  await expect(vkey()).rejects.toMatchObject({ code: 'witness.name_missing' });
  await expect(vkey('--name', 'a witness')).rejects.toMatchObject({ code: 'witness.name_invalid' });
  await vkey('--name', 'witness.example.edu.cn/mingjing');
  await vkey();
  stdout.mockRestore();
  expect(written[0]).toMatch(/^witness\.example\.edu\.cn\/mingjing\+[0-9a-f]{8}\+B[A-Za-z0-9+/]{43}\n$/);
  expect(written[1]).toBe(written[0]);
  const { key, store } = await openWitness(directory); // the first start finds a memory, if an empty one
  store.close();
  expect(`${key.vkey}\n`).toBe(written[0]);
});
