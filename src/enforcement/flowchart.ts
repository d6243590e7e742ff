import type { Bilingual } from '../kernel/errors';
import type { LocalDate } from '../kernel/time';
import { parameter } from '../law/parameters';
import { PROMISED } from './case-clocks';
import type { Stage } from './penalty-types';
import type { Procedure, Step } from './procedure';

/** Words of the published flowchart. */
const stageNames: Readonly<Record<Stage, Bilingual>> = {
  unopened: { zh: '受理', en: 'Intake' },
  clue: { zh: '核查', en: 'Check before filing' },
  declined: { zh: '不予立案', en: 'Not filed' },
  ended: { zh: '终止调查', en: 'Investigation ended' },
  investigation: { zh: '调查取证', en: 'Investigation' },
  concluded: { zh: '调查终结', en: 'Concluded' },
  review: { zh: '法制审核', en: 'Legal review' },
  reviewed: { zh: '审核通过', en: 'Reviewed' },
  noticed: { zh: '告知与听取意见', en: 'Notice and hearing' },
  decided: { zh: '决定', en: 'Decided' },
  served: { zh: '送达与执行', en: 'Served, being performed' },
  closed: { zh: '结案', en: 'Closed' },
  archived: { zh: '归档', en: 'Archived' },
};

export const stageName = (stage: Stage): Bilingual => stageNames[stage];

const posts: Readonly<Record<string, Bilingual>> = {
  officer: { zh: '执法人员', en: 'enforcement officers' },
  head: { zh: '行政机关负责人', en: 'head of the body' },
  reviewer: { zh: '法制审核人员', en: 'legal reviewer' },
  cashier: { zh: '代收银行', en: 'collecting bank' },
  system: { zh: '系统', en: 'the system' },
};

/** A limit in words: `90日`, `7个工作日`, with its article. */
export interface TimeLimit extends Bilingual {
  readonly basis: string;
}

/** One box of the flowchart with the seven elements 七要素 (B05), none of them empty. */
export interface FlowchartNode extends Bilingual {
  readonly command: string;
  readonly basis: string;
  /** 条件 */
  readonly conditions: readonly Bilingual[];
  /** 承办岗位 */
  readonly post: Bilingual;
  /** 程序与接口: from which stages, and to which. */
  readonly from: readonly Stage[];
  readonly to: readonly Stage[];
  /** 办理时限 */
  readonly limits: readonly TimeLimit[];
  /** 监督制约环节 */
  readonly supervision: readonly Bilingual[];
  /** 相对人权利 */
  readonly rights: readonly Bilingual[];
  /** 投诉举报途径 */
  readonly complaints: Bilingual;
}

export interface Flowchart extends Bilingual {
  readonly procedure: string;
  readonly basis: string;
  readonly on: LocalDate;
  readonly stages: ReadonlyArray<Bilingual & { readonly stage: Stage; readonly nodes: readonly FlowchartNode[] }>;
}

/** How the public reaches the body's supervision (A02), and what it promised (B06). */
export interface FlowchartContext {
  readonly on: LocalDate;
  readonly complaints: Bilingual;
  readonly promisedDays?: number;
}

const promptly: TimeLimit = { zh: '及时办理', en: 'promptly', basis: '行政处罚法第54条' };
const alwaysSupervised: Bilingual = {
  zh: '全过程记录，逾期自动登记并追责',
  en: 'recorded throughout; a missed limit is noted and answered for',
};
const alwaysRight: Bilingual = { zh: '陈述、申辩，投诉、举报', en: 'to state and defend, to complain' };

function limitOf(clock: string, { on, promisedDays }: FlowchartContext): TimeLimit[] {
  if (clock === PROMISED) return [];
  const { value, dayKind, unit, basis, zh, en } = parameter(clock, on);
  const days = unit === 'day' ? (dayKind === 'working' ? '个工作日' : '日') : '';
  const law: TimeLimit = {
    zh: `${zh}：${value}${days}`,
    en: `${en}: ${value} ${dayKind === 'working' ? 'working days' : 'days'}`,
    basis,
  };
  if (clock !== 'penalty.decision' || promisedDays === undefined) return [law];
  return [law, { zh: `承诺${promisedDays}日`, en: `promised: ${promisedDays} days`, basis: 'B06' }];
}

/** The limits under which a step itself stands: those of the clocks that it ends. */
function limitsOf(step: Step, context: FlowchartContext): TimeLimit[] {
  const limits = (step.stops ?? []).flatMap((s) => (s.moot ? [] : limitOf(s.clock, context)));
  return limits.length > 0 ? limits : [promptly];
}

function supervisionOf(step: Step): Bilingual[] {
  const byOthers = step.may.filter((role) => role !== 'officer').map((role) => posts[role] ?? { zh: role, en: role });
  const recorded: Bilingual[] = step.recording
    ? [{ zh: '音像记录', en: `recorded in sound and image (${step.recording.level})` }]
    : [];
  const published: Bilingual[] = step.publishes
    ? [{ zh: `公示：${step.publishes.zh}`, en: `published: ${step.publishes.en}` }]
    : [];
  return [...byOthers, ...recorded, ...published, alwaysSupervised];
}

function nodeOf(step: Step, context: FlowchartContext): FlowchartNode {
  const to = typeof step.next === 'string' ? [step.next] : (step.next ?? step.stages.slice(0, 1));
  const inStage = {
    zh: `处于“${stageNames[step.stages[0]].zh}”阶段`,
    en: `in the stage “${stageNames[step.stages[0]].en}”`,
  };
  return {
    command: step.command.name,
    zh: step.zh,
    en: step.en,
    basis: step.basis,
    conditions: [
      inStage,
      ...step.gates.map((g) => ({ zh: `否则不予办理：${g.zh}`, en: `otherwise refused: ${g.en}` })),
    ],
    post: posts[step.may[0]] ?? { zh: step.may[0], en: step.may[0] },
    from: step.stages,
    to,
    limits: limitsOf(step, context),
    supervision: supervisionOf(step),
    rights: step.rights && step.rights.length > 0 ? step.rights : [alwaysRight],
    complaints: context.complaints,
  };
}

/**
 * The flowchart of a procedure as it is published (B05): drawn from the very table that the software enforces. Each step
 * stands at the first stage that allows it. Fails with `law.no_parameter` for a date without law.
 */
export function flowchartOf(procedure: Procedure, context: FlowchartContext): Flowchart {
  return {
    procedure: procedure.id,
    zh: procedure.zh,
    en: procedure.en,
    basis: procedure.basis,
    on: context.on,
    stages: procedure.stages
      .map((stage) => ({
        stage,
        ...stageNames[stage],
        nodes: procedure.steps.filter((s) => firstStage(procedure, s) === stage).map((s) => nodeOf(s, context)),
      }))
      .filter((s) => s.nodes.length > 0 || s.stage === 'archived'),
  };
}

const firstStage = (procedure: Procedure, step: Step): Stage | undefined =>
  procedure.stages.find((stage) => step.stages.includes(stage));
