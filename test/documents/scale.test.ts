import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { figuresOf, province, refilled } from '../bench/scale';
import { figuresIn, filled, tablesOf, type Figures } from '../bench/scale-figures';

const DOCUMENT = join(__dirname, '../../docs/scale.md');
const text = readFileSync(DOCUMENT, 'utf8');

/** A run in round figures: one core carries what a reader can check in the head. */
const round: Figures = {
  from: 'Invented.',
  rates: [
    ['commands, 64 clients', 3600],
    ['page of a notice, asked for the first time, 16 clients', 1000],
    ['page of the newest notices, 16 clients', 1000],
    ['page of a search, 16 clients', 1000],
    ['notice as JSON, 16 clients', 1000],
    ['feed of notices, 16 clients', 1000],
    ['proof of a notice, 16 clients', 1000],
    ['signing in, 8 clients', 36_000],
    ['events folded into all rows', 100],
    ['events sealed', 100],
    ['events appended directly', 1000],
  ].map(([what, nodeUs]) => ({ what: what as string, perSecond: 10_000, nodeUs: nodeUs as number, bytes: 1e6 })),
  sizes: [
    { what: 'events in the ledger at the end', value: 1000, unit: 'events' },
    { what: 'commands of a case', value: 10, unit: 'commands' },
    { what: 'events of one command', value: 2, unit: 'events' },
    { what: 'ledger, an event', value: 1024, unit: 'bytes' },
    { what: 'rows, an event', value: 1024, unit: 'bytes' },
    { what: 'public log, an event', value: 128, unit: 'bytes' },
    { what: 'subjects with a key', value: 10, unit: 'subjects' },
    { what: 'key vault, a subject', value: 256, unit: 'bytes' },
  ],
};

describe('docs/scale.md', () => {
  // After a change of the arithmetic: UPDATE=1. The measured tables come from a run alone.
  it('says of a province what follows from the figures it shows', () => {
    if (process.env.UPDATE) writeFileSync(DOCUMENT, refilled(text));
    expect(readFileSync(DOCUMENT, 'utf8')).toBe(refilled(text));
  });

  it('keeps a run’s figures as they are written', () => {
    expect(tablesOf(figuresIn(tablesOf(round)))).toBe(tablesOf(round));
    expect(figuresIn(tablesOf(round))).toEqual(round);
  });

  it('says in words what the table says: reading saturates first, then signing in, and one leader is enough', () => {
    const table = province(figuresOf(text));
    const cores = [...table.matchAll(/^\| ([^|]+) \|[^|]*\|[^|]*\|[^|]*\|[^|]*\| a node’s core \|/gm)].map(
      ([, what]) => what,
    );
    expect(cores.slice(0, 2)).toEqual([expect.stringMatching(/^public reads/), 'signing in']);
    for (const work of ['sealing', 'folding']) {
      expect(
        Number(new RegExp(`^\\| ${work} .*?\\|.*?\\|.*?\\|.*?\\| ([\\d.]+) \\|`, 'm').exec(table)?.[1]),
      ).toBeLessThan(1);
    }
  });

  it('says which run its figures are from', () => {
    expect(figuresOf(text).from).toMatch(/^(Measured|A short run, for trying) on \d{4}-\d\d-\d\d on \d+ cores/);
  });
});

describe('what a province needs', () => {
  const tables = province(round);
  const row = (beginning: string): string[] =>
    (tables.split('\n').find((line) => line.startsWith(`| ${beginning}`)) ?? '')
      .split('|')
      .slice(2, -1)
      .map((cell) => cell.trim());

  it('takes the busiest hour of acts, and all their commands where an act is a case', () => {
    // 20 M in 250 days of 8 hours are 2.78 a second, five times that at the peak; ten times that many commands of 3.6 ms are
    // half a core, of which 60 % may be busy.
    expect(row('commands, with').slice(0, 4)).toEqual(['13.9/s × 3,600 µs', '0.08', '139/s × 3,600 µs', '0.83']);
    expect(row('folding rows').slice(0, 4)).toEqual(['27.8 events/s', '< 0.01', '278 events/s', '0.03']);
  });

  it('takes the busiest hour of reads, less what nginx answers', () => {
    // A tenth of 200 M in 3,600 s; of these 68.2 % are missed: nearly none of the lists, four fifths of the notices.
    expect(row('public reads').slice(0, 2)).toEqual(['5,556/s × 682 µs', '6.31']);
    expect(row('cores for public reads if')[1]).toBe('9.26');
    expect(row('network of nginx')[1]).toBe('4.44');
  });

  it('lets every officer sign in within twenty minutes', () => {
    expect(row('signing in').slice(0, 2)).toEqual(['83.3/s × 36,000 µs', '5']);
  });

  it('adds the cores of the nodes, one that may fail, and their connections', () => {
    // 0.08 or 0.83 for commands, 6.31 for reads, 5 for signing in.
    expect(row('**nodes**')).toEqual(['', '13', '', '14', '', '']);
    expect(row('PostgreSQL connections of these').slice(0, 4)).toEqual(['', '238', '', '256']);
  });

  it('names on top what saturates first', () => {
    const order = [
      'public reads',
      'signing in',
      'network of nginx',
      'commands, with',
      'folding rows',
      'the event store',
    ];
    const places = order.map((beginning) => tables.indexOf(`| ${beginning}`));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(tables).toContain('what to do then |\n|---|---|---|---|---|---|---|\n| public reads');
  });

  it('counts what a year leaves and what ten years cost', () => {
    expect(row('events |')).toEqual(['40 M', '400 M']);
    expect(row('these on 3 nodes')[0]).toBe('229 GiB'); // 40 M × 1 KiB × 2 × 3
    expect(row('subjects with a key')[0]).toBe('0.4 M');
    expect(row('their keys')[0]).toBe('0.1 GiB');
    expect(row('building all rows anew')).toEqual(['11.1 h', '4.63 days']); // 400 M, 4,000 M at 10,000 a second
  });

  it('fills marked places and no others', () => {
    const page = 'a\n<!-- x: begin -->\nold\n<!-- x: end -->\nb';
    expect(filled(page, 'x', 'new $&')).toBe('a\n<!-- x: begin -->\nnew $&\n<!-- x: end -->\nb');
    expect(() => filled(page, 'y', '')).toThrow('no marks of y');
  });
});
