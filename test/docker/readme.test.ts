import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { program } from '../../src/cli';
import { SETTINGS } from '../../src/config';
import { composition, COMPOSITIONS, DOCKER, networksOf, SETTINGS_OF_COMPOSE } from './compositions';
import { outside, Started } from './outside-containers';

const text = readFileSync(join(DOCKER, 'README.md'), 'utf8');
const commands = [...text.matchAll(/```sh\n([^]*?)```/g)].flatMap(([, block]) => block.split('\n').filter(Boolean));
const compositions = COMPOSITIONS.map((file) => [file, composition(file, SETTINGS_OF_COMPOSE)] as const);

/** `docker compose -f docker/FILE [options] VERB …` */
const COMPOSE = /docker compose -f docker\/(\S+) (?:--profile prepare )?(\w+)(.*)$/;
const composed = commands.flatMap((line) => {
  const found = COMPOSE.exec(line);
  return found ? [{ line, file: found[1], verb: found[2], rest: found[3].trim() }] : [];
});

/** A command of ours, as the help of the program knows it. */
function expectCommand(line: string, words: readonly string[]): void {
  let command = program;
  const rest = [...words];
  while (command.commands.length > 0 && rest.length > 0) {
    const word = rest.shift()!;
    const next = command.commands.find((c) => c.name() === word);
    expect([line, word, next?.name()]).toEqual([line, word, word]);
    command = next!;
  }
  for (const word of rest.filter((w) => w.startsWith('-'))) {
    expect([line, command.options.some((o) => o.long === word || o.short === word)]).toEqual([line, true]);
  }
}

it('gives commands for both compositions', () => {
  expect(commands.length).toBeGreaterThan(30);
  expect(new Set(composed.map(({ file }) => file))).toEqual(new Set(COMPOSITIONS));
});

it.each(composed.map(({ line, ...rest }) => [line, rest] as const))('%s', (line, { file, verb, rest }) => {
  const { services, volumes } = composition(file, SETTINGS_OF_COMPOSE);
  const known = ['up', 'stop', 'start', 'restart', 'down', 'create', 'ps', 'exec', 'cp', 'run'];
  expect(known).toContain(verb);
  const words: string[] = rest.match(/"[^"]*"|'[^']*'|\S+/g) ?? [];
  if (['up', 'stop', 'start', 'restart', 'create'].includes(verb)) {
    for (const word of words.filter((w) => !w.startsWith('-'))) expect(services).toHaveProperty([word]);
  }
  if (verb === 'cp') expect(words.some((word) => services[word.split(':')[0]] && word.includes(':/'))).toBe(true);
  if (verb !== 'exec' && verb !== 'run') return;
  const valued = ['--user', '--cap-add', '--entrypoint'];
  const at = words.findIndex((word, i) => !word.startsWith('-') && !valued.includes(words[i - 1]));
  expect(services).toHaveProperty([words[at]]);
  const command = words.slice(at + 1);
  if (verb === 'run' && !words.includes('--entrypoint')) expectCommand(line, command);
  if (verb === 'exec' && command[0] === 'mingjing') expectCommand(line, command.slice(1));
  expect(volumes).toBeDefined();
});

it('names volumes, ports, files and settings that there are', () => {
  const declared = compositions.flatMap(([, { name, volumes = {} }]) =>
    Object.keys(volumes).map((v) => `${name}_${v}`),
  );
  for (const line of commands.filter((l) => /docker (volume rm|run) /.test(l))) {
    for (const [volume] of line.replaceAll('$node', '1').matchAll(/\bmingjing(-cluster)?_[\w-]+/g))
      expect(declared).toContain(volume);
  }
  const vault = readFileSync(join(DOCKER, '../src/ledger/commitment/postgres-vault-schema.ts'), 'utf8');
  for (const [, table] of text.matchAll(/--table=mingjing\.(\w+)/g)) expect(vault).toContain(`CREATE TABLE ${table} (`);
  const settings = Object.values(SETTINGS).map(({ env }) => env) as string[];
  for (const [name] of text.matchAll(/\bMINGJING_[A-Z_]+/g)) expect(settings).toContain(name);
  const table = text.slice(text.indexOf('### Ports'), text.indexOf('### What nginx does'));
  for (const [, { services }] of compositions) {
    for (const { ports = [] } of Object.values(services)) {
      for (const port of ports) expect(table).toContain(port.replace(/:\d+$/, ''));
    }
  }
  for (const [, network] of table.matchAll(/\| `(\w+)` \|/g)) {
    expect(Object.values(compositions[1][1].services).some((s) => networksOf(s).includes(network))).toBe(true);
  }
});

it('the account of the first start is made as it says', async () => {
  const volumes = mkdtempSync(join(tmpdir(), 'mingjing-readme-docker-'));
  const { rest } = composed.find(({ file, rest }) => file === 'compose.yaml' && rest.includes('accounts add'))!;
  const command = rest.split(/ +/).slice(rest.split(/ +/).indexOf('accounts'));
  const { args, env } = outside('compose.yaml', 'mingjing', { docker: DOCKER, volumes, command });
  const made = Started.outside({ args, env }, 'a-password-of-some-length\n');
  expect([await made.ends(), made.said]).toEqual([0, expect.stringContaining('已新增 added: admin')]);
  rmSync(volumes, { recursive: true });
});
