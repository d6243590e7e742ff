import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { program } from '../../src/cli';
import { ensureCity } from '../../src/demonstration/demonstration';
import { readConfig } from '../../src/config';
import { Running } from '../end-to-end/running';

const ROOT = join(__dirname, '../..');
const FILES = ['README.md', 'README.zh-CN.md'];
const text = (name: string): string => readFileSync(join(ROOT, name), 'utf8');
const blocks = (name: string): string[] => [...text(name).matchAll(/```\w+\n([\s\S]*?)```/g)].map(([, code]) => code);
const shell = (): string[] => blocks('README.md').join('').replaceAll('\\\n', ' ').split('\n').filter(Boolean);

describe('the README', () => {
  it('shows the same commands in both languages, under as many headings', () => {
    expect(blocks('README.zh-CN.md')).toEqual(blocks('README.md'));
    const headings = FILES.map((name) => text(name).match(/^#+ /gm)?.length);
    expect(headings[0]).toBe(headings[1]);
  });

  it('links to files that exist', () => {
    for (const name of [...FILES, 'CONTRIBUTING.md']) {
      for (const [, target] of text(name).matchAll(/\]\(((?!http)[^)#]+)\)/g)) {
        expect([name, target, existsSync(join(ROOT, target))]).toEqual([name, target, true]);
      }
    }
  });

  it('names scripts and subcommands that there are', () => {
    const scripts = (JSON.parse(text('package.json')) as { scripts: Record<string, string> }).scripts;
    const commands = program.commands.map((c) => c.name());
    for (const line of shell()) {
      for (const [, script] of line.matchAll(/npm run (\S+)/g)) expect(Object.keys(scripts)).toContain(script);
      const command = /npm run mingjing -- ([a-z]+)/.exec(line)?.[1];
      if (command) expect(commands).toContain(command);
    }
  });

  it('shows a request that the demonstration accepts, and a refusal as it is', async () => {
    const server = new Running({ seal: true });
    const config = { ...readConfig({}), dataDirectory: server.directory, logLevel: 'silent', ...server.stores };
    await ensureCity(config, { today: '2026-11-20', cases: 1 });
    server.now = '2026-11-20T04:00:00.000Z';
    await server.start();
    try {
      const curl = shell().find((line) => line.startsWith('curl'))!;
      const path = /localhost:3000(\S+)/.exec(curl)![1];
      const body = JSON.parse(/-d '([^']+)'/.exec(curl)![1]) as object;
      expect((await server.request('POST', path, { body })).status).toBe(201);
      const shown = JSON.parse(blocks('README.md').find((b) => b.startsWith('{'))!) as Record<string, unknown>;
      await verifyANotice(server);
      const { status, json } = await refusal(server);
      expect([status, json.code, json.basis]).toEqual([shown.status, shown.code, shown.basis]);
    } finally {
      await server.stop();
      server.erase();
    }
  });
});

/** The two commands of the README, of a notice that this city has instead of the one they name. */
async function verifyANotice(server: Running): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'mingjing-readme-'));
  const [{ id }] = (await server.read('/api/public-notices')).items as Array<{ id: string }>;
  const [{ href }] = (await server.read(`/api/public-notices/${id}/proofs`)).items as Array<{ href: string }>;
  const fetching = shell().find((line) => line.includes('/log/policy'))!;
  const [, policy, policyFile, proof] = /localhost:3000(\S+) -o (\S+) localhost:3000(\S+) -O$/.exec(fetching)!;
  const download = async (path: string, file: string): Promise<void> =>
    writeFileSync(join(folder, file), (await server.request('GET', path)).text);
  await download(policy, policyFile);
  await download(href, basename(proof));
  const verifying = shell()
    .find((line) => line.includes('-- verify'))!
    .split(' -- verify ')[1]
    .split(' ');
  const [said, printed] = [jest.spyOn(process.stdout, 'write').mockReturnValue(true), process.exitCode];
  const args = verifying.map((arg) => (arg.startsWith('--') ? arg : join(folder, arg)));
  await program.parseAsync(['verify', ...args], { from: 'user' });
  const output = said.mock.calls.map(([text]) => String(text)).join('');
  said.mockRestore();
  rmSync(folder, { recursive: true });
  expect([process.exitCode, output]).toEqual([printed, expect.stringContaining('核验成立 verified')]);
  expect(output).toContain('data.partyPublicName');
}

/** One officer alone shows a credential in a case that is under investigation. */
async function refusal(server: Running): Promise<{ status: number; json: Record<string, unknown> }> {
  await server.account('alone', { roles: ['officer', 'head'], bodyId: 'scj', officerId: 'scj-04' });
  const clue = { bodyId: 'scj', source: 'report', topic: '无照经营', summary: '接举报。' };
  await server.request('POST', '/api/cases/readme-1/record-clue', { as: 'alone', body: clue });
  const { items } = await server.read('/api/powers?body=scj&class=penalty');
  const [{ code, legalBasis }] = items as Array<{
    code: string;
    legalBasis: Array<{ instrument: string; article: string }>;
  }>;
  return server.request('POST', '/api/cases/readme-1/file-case', {
    as: 'alone',
    body: {
      caseNumber: '立〔2026〕1号',
      powerCode: code,
      cause: '涉嫌违法',
      legalBasis: legalBasis.map((a) => `${a.instrument}${a.article}`),
      officers: ['scj-04'],
      violationEndedOn: '2026-11-19',
      graveHarm: false,
      partyId: 'party-readme',
      partyKind: 'organisation',
      partyName: '明镜市某某商行',
      priorOffences: 0,
    },
  });
}
