import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { flowchartOf, type FlowchartContext } from '../../src/enforcement/flowchart';
import { flowchartSvg } from '../../src/enforcement/flowchart-svg';
import { penaltyCaseDecider, penaltyProcedures } from '../../src/enforcement/penalty-case';
import { kebab } from '../../src/kernel/decider';
import { ordinary } from './penalty-story';
import { parameter } from '../../src/law/parameters';

const context: FlowchartContext = {
  on: '2026-03-02',
  complaints: { zh: '12345', en: '12345' },
  promisedDays: 60,
};

describe.each(penaltyProcedures.map((p) => [p.id, p] as const))('%s as a table', (_, procedure) => {
  it('cites an article or system on every step and every gate', () => {
    for (const step of procedure.steps) {
      expect(step.basis).toMatch(/第\d+条|^[A-P]\d{2}/);
      for (const gate of step.gates) {
        expect(gate.basis).toMatch(/第\d+条|[A-P]\d{2}|GB/);
        expect(gate.zh).toMatch(/\p{Script=Han}/u);
        expect(gate.en).toBeTruthy();
      }
    }
  });

  it('starts and publishes by figures that are law on the day it comes into force', () => {
    const clocks = procedure.steps.flatMap((s) => [...(s.starts ?? []), ...(s.stops ?? [])]).map((c) => c.clock);
    const publishing = procedure.steps.flatMap((s) => (s.publishes ? [s.publishes.parameter] : []));
    for (const id of [...clocks, ...publishing].filter((c) => c !== 'power.promised')) {
      expect(parameter(id, '2026-01-01').basis).toBeTruthy();
    }
  });

  it('stops every clock of the body that it starts', () => {
    const stopped = new Set(procedure.steps.flatMap((s) => s.stops ?? []).map((s) => s.clock));
    const started = procedure.steps.flatMap((s) => s.starts ?? []).filter((s) => s.bindsParty !== true);
    for (const { clock } of started) expect([...stopped]).toContain(clock);
  });

  it('has a way from its beginning to every stage', () => {
    const reached = new Set(['unopened']);
    for (let grown = true; grown;) {
      grown = false;
      for (const step of procedure.steps) {
        if (!step.stages.some((s) => reached.has(s))) continue;
        for (const to of [step.next ?? []].flat()) {
          if (!reached.has(to)) grown = true;
          reached.add(to);
        }
      }
    }
    for (const stage of procedure.stages) expect([...reached]).toContain(stage);
  });

  it('gives the published flowchart its seven elements, none empty (B05)', () => {
    const chart = flowchartOf(procedure, context);
    const nodes = chart.stages.flatMap((s) => s.nodes);
    expect(nodes).toHaveLength(procedure.steps.length);
    for (const node of nodes) {
      expect(node.conditions.length).toBeGreaterThan(0);
      expect(node.post.zh).toMatch(/\p{Script=Han}/u);
      expect(node.to.length).toBeGreaterThan(0);
      expect(node.limits.length).toBeGreaterThan(0);
      expect(node.supervision.length).toBeGreaterThan(0);
      expect(node.rights.length).toBeGreaterThan(0);
      expect(node.complaints.zh).toBe('12345');
    }
  });

  it('draws it with a title, and with every stage by name', () => {
    const chart = flowchartOf(procedure, context);
    const svg = flowchartSvg(chart);
    expect(svg).toContain(`<title id="flow-title">${procedure.zh}</title>`);
    for (const stage of chart.stages) expect(svg).toContain(`aria-label="${stage.zh}"`);
  });
});

it('shows the promised limit beside the statutory one (B06)', () => {
  const decide = flowchartOf(penaltyProcedures[0], context)
    .stages.flatMap((s) => s.nodes)
    .find((n) => n.command === 'DecidePenalty');
  expect(decide?.limits.map((l) => l.zh)).toEqual([expect.stringContaining('90日'), '承诺60日']);
});

it('gives each command one rule and one address', () => {
  const names = penaltyCaseDecider.rules.map((r) => kebab(r.command.name));
  expect(new Set(names).size).toBe(names.length);
});

describe('the commands of the story as they arrive over HTTP', () => {
  const errors = (command: new () => object, fields: object) =>
    validateSync(plainToInstance(command, JSON.parse(JSON.stringify(fields)) as object), {
      whitelist: true,
      forbidNonWhitelisted: true,
    }).map((e) => e.property);

  it.each(ordinary.map((t) => [t.name, t] as const))(
    '%s is well formed, and an unknown field is refused',
    (_, told) => {
      expect(errors(told.command, told.fields)).toEqual([]);
      expect(errors(told.command, { ...told.fields, decidedBy: 'me' })).toEqual(['decidedBy']);
    },
  );

  it('bounds every field of every command', () => {
    for (const { command } of penaltyCaseDecider.rules) {
      const marked = errors(command, { endless: 'x' });
      expect(marked).toContain('endless');
    }
  });
});
