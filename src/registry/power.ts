import { ownBody, evolveBy, rule, when, type Circumstances, type Decider } from '../kernel/decider';
import { require_ } from '../kernel/errors';
import { event } from '../kernel/event';
import { contentOf } from '../kernel/fields';
import type { LocalDate } from '../kernel/time';
import { parameter } from '../law/parameters';
import { clockRows, missedClockRule, startClock, stopClock, type Clocks } from '../clocks/stream-clocks';
import { bodyDecider } from './body';
import { checkLegalBasis } from './legal-basis';
import { powerClasses } from './power-classes';
import * as command from './power-commands';
import * as E from './registry-events';

/** What a power was from a day on (B09). */
export interface PowerVersion {
  readonly validFrom: LocalDate;
  readonly name: string;
  readonly bodyId: string;
  readonly office: string;
  readonly legalBasis: readonly E.ArticleReference[];
  readonly statutoryDays?: number;
  readonly promisedDays?: number;
}

/** A power item 职权事项 (B03, B09, B10) as decisions see it. Its id is its code. */
export interface PowerState {
  readonly listed: boolean;
  readonly powerClass: E.PowerClass;
  /** The body that has it by the latest version; `powerOn` tells another day's. */
  readonly bodyId: string;
  /** Oldest first; the number of a version is its place, from 1. */
  readonly versions: readonly PowerVersion[];
  /** The first day it is no longer in force. */
  readonly endsOn?: LocalDate;
  readonly clocks: Clocks;
}

const FLOWCHART = 'registry.flowchart_revision';

/** Capital letters and digits in groups, such as `CG-CF-0101`: it is an address as well (B10). */
const CODE = /^(?=.{4,40}$)[0-9A-Z]+(-[0-9A-Z]+)*$/;

const initialState: PowerState = { listed: false, powerClass: 'other', bodyId: '', versions: [], clocks: {} };

/** The power as it was in force that day; undefined when it was not (B03, B09). */
export function powerOn(state: PowerState | undefined, on: LocalDate): PowerVersion | undefined {
  if (!state || (state.endsOn !== undefined && state.endsOn <= on)) return undefined;
  return state.versions.findLast((v) => v.validFrom <= on);
}

/** Whether an act that day may rest on the power. */
export const isLive = (state: PowerState | undefined, on: LocalDate): boolean => powerOn(state, on) !== undefined;

/** Whether the power was this body's that day, and in force. */
export const isPowerOf = (state: PowerState | undefined, bodyId: string, on: LocalDate): boolean =>
  powerOn(state, on)?.bodyId === bodyId;

function current(state: PowerState): PowerVersion {
  const latest = state.versions.at(-1);
  require_(latest, 'power.not_listed', {
    zh: '该事项未列入职权目录，不得行使。',
    en: 'This power is not in the catalogue and may not be exercised.',
    basis: 'B03',
  });
  require_(state.endsOn === undefined, 'power.cancelled', {
    zh: '该事项已经取消。',
    en: 'This power has been cancelled.',
    basis: 'B09',
  });
  return latest;
}

function laterThan(latest: PowerVersion, from: LocalDate): void {
  require_(latest.validFrom < from, 'power.version_order', {
    zh: `新版本须晚于现行版本的生效日 ${latest.validFrom}。`,
    en: `A new version starts after the one in force from ${latest.validFrom}.`,
    basis: 'B09',
    field: 'validFrom',
  });
}

function bodyExists(bodyId: string, c: Circumstances): void {
  require_(c.lookUp(bodyDecider, bodyId)?.registered, 'power.unknown_body', {
    zh: '行使主体不是已登记的执法主体。',
    en: 'The body is not a registered enforcement body.',
    basis: 'A01、B03',
    field: 'bodyId',
  });
}

function checkPromise(terms: Pick<PowerVersion, 'statutoryDays' | 'promisedDays'>, on: LocalDate): void {
  if (terms.promisedDays === undefined || terms.statutoryDays === undefined) return;
  const ratio = parameter('registry.promised_ratio', on);
  const longest = Math.floor(terms.statutoryDays * ratio.value);
  require_(terms.promisedDays <= longest, 'power.promise_too_long', {
    zh: `承诺时限须比法定时限缩短三分之一以上，最多 ${longest} 日。`,
    en: `The promised time may be at most ${longest} days.`,
    basis: ratio.basis,
    field: 'promisedDays',
  });
}

/** A changed power needs its flowchart revised in time (B07). A revision still due is taken over by the new clock. */
function restartFlowchartClock(state: PowerState, bodyId: string, on: LocalDate): object[] {
  const version = String(state.versions.length + 1);
  return [...stopFlowchartClocks(state, on), startClock(FLOWCHART, on, bodyId, [], version)];
}

const stopFlowchartClocks = (state: PowerState, on: LocalDate): object[] =>
  Object.values(state.clocks).flatMap((c) => stopClock(state.clocks, c.clock, on, c.item));

const defined = <T extends object>(fields: T): Partial<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;

function version(s: PowerState, next: Partial<PowerVersion> & { validFrom: LocalDate }): PowerState {
  const latest = s.versions[s.versions.length - 1];
  const added = { ...latest, ...defined(next) };
  return { ...s, bodyId: added.bodyId, versions: [...s.versions, added] };
}

const REGISTRAR = ['registrar'];

export const powerDecider: Decider<PowerState> = {
  category: 'power',
  collection: 'powers',
  zh: '职权目录',
  en: 'Powers',
  initialState,
  bodyOf: ownBody,
  evolve: evolveBy<PowerState>(
    when(E.PowerListed, (s, d) => ({
      ...s,
      listed: true,
      powerClass: d.powerClass,
      bodyId: d.bodyId,
      endsOn: powerClasses[d.powerClass].closedFrom,
      versions: [versionOf(d)],
    })),
    when(E.PowerAmended, (s, { name, office, legalBasis, statutoryDays, promisedDays, validFrom }) =>
      version(s, { name, office, legalBasis, statutoryDays, promisedDays, validFrom }),
    ),
    when(E.PowerTransferred, (s, { bodyId, office, validFrom }) => version(s, { bodyId, office, validFrom })),
    when(E.PowerCancelled, (s, d) => ({ ...s, endsOn: d.cancelledOn })),
    ...clockRows<PowerState>(),
  ),
  references: (c) => (c instanceof command.ListPower || c instanceof command.TransferPower ? [['body', c.bodyId]] : []),
  rules: [
    rule({
      command: command.ListPower,
      may: REGISTRAR,
      basis: 'B03、B10',
      zh: '列入职权目录',
      en: 'List a power',
      decide(c, state, circumstances) {
        require_(!state.listed, 'power.code_taken', {
          zh: '该权力编码已经使用。',
          en: 'This code is taken.',
          basis: 'B10',
        });
        require_(CODE.test(circumstances.id), 'power.code_format', {
          zh: '权力编码由大写字母、数字和连字符组成，4 至 40 位。',
          en: 'A code is 4 to 40 capital letters and digits, in groups joined by hyphens.',
          basis: 'B10',
        });
        const kind = powerClasses[c.powerClass];
        require_(!kind.closedFrom || c.validFrom < kind.closedFrom, 'power.class_closed', {
          zh: `${kind.zh}类别已于 ${kind.closedFrom} 取消。`,
          en: `The class "${kind.en}" was abolished on ${kind.closedFrom}.`,
          basis: kind.basis,
          field: 'powerClass',
        });
        bodyExists(c.bodyId, circumstances);
        checkLegalBasis(c.legalBasis, kind.needsRule, c.validFrom);
        checkPromise(c, c.validFrom);
        return [event(E.PowerListed, { code: circumstances.id, ...contentOf(c) })];
      },
    }),
    rule({
      command: command.AmendPower,
      may: REGISTRAR,
      basis: 'B07、B09',
      zh: '变更事项',
      en: 'Amend a power',
      decide(c, state, { occurredOn }) {
        const latest = current(state);
        laterThan(latest, c.validFrom);
        if (c.legalBasis) checkLegalBasis(c.legalBasis, powerClasses[state.powerClass].needsRule, c.validFrom);
        checkPromise({ ...latest, ...defined(c) }, c.validFrom);
        return [
          event(E.PowerAmended, { version: state.versions.length + 1, ...contentOf(c) }),
          ...restartFlowchartClock(state, latest.bodyId, occurredOn),
        ];
      },
    }),
    rule({
      command: command.TransferPower,
      may: REGISTRAR,
      basis: 'B09',
      zh: '转移事项',
      en: 'Transfer a power',
      decide(c, state, circumstances) {
        laterThan(current(state), c.validFrom);
        bodyExists(c.bodyId, circumstances);
        return [
          event(E.PowerTransferred, contentOf(c)),
          ...restartFlowchartClock(state, c.bodyId, circumstances.occurredOn),
        ];
      },
    }),
    rule({
      command: command.CancelPower,
      may: REGISTRAR,
      basis: 'B09',
      zh: '取消事项',
      en: 'Cancel a power',
      decide(c, state, { occurredOn }) {
        current(state);
        return [event(E.PowerCancelled, contentOf(c)), ...stopFlowchartClocks(state, occurredOn)];
      },
    }),
    rule({
      command: command.ReviseFlowchart,
      may: REGISTRAR,
      basis: 'B05、B07',
      zh: '修订流程图',
      en: 'Revise the flowchart',
      decide(_, state, { occurredOn }) {
        current(state);
        return [
          event(E.FlowchartRevised, { powerVersion: state.versions.length, revisedOn: occurredOn }),
          ...stopFlowchartClocks(state, occurredOn),
        ];
      },
    }),
    missedClockRule<PowerState>(),
  ],
};

function versionOf(d: Readonly<E.PowerListed>): PowerVersion {
  const { validFrom, name, bodyId, office, legalBasis, statutoryDays, promisedDays } = d;
  return { validFrom, name, bodyId, office, legalBasis, statutoryDays, promisedDays };
}
