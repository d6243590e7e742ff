import type { LocalDate } from '../kernel/time';
import { addCalendarDays, addYears, onOrNextWorkingDay } from '../law/calendar';
import { benchmarkDecider } from '../registry/benchmark';
import { FileBenchmark, PublishBenchmark, type BandTerms } from '../registry/benchmark-commands';
import { bodyDecider } from '../registry/body';
import * as Body from '../registry/body-commands';
import { officerDecider } from '../registry/officer';
import * as Officer from '../registry/officer-commands';
import { powerDecider } from '../registry/power';
import { ListPower, AmendPower, ReviseFlowchart } from '../registry/power-commands';
import { actor } from './accounts';
import { bodies, bodyOf, people, type DemoBody, type Person } from './bodies';
import type { Diary } from './diary';
import { personName, uscc } from './parties';
import { bandsOf, benchmarkOf, powers, type DemoPower } from './powers';
import { Random } from './random';

const registrar = actor('registrar');
const supervisor = actor('sfj-02');
const FILED_WITH = '明镜市司法局';

const noon = (date: LocalDate): string => `${date}T04:00:00.000Z`;

/** Bodies, people, powers and benchmarks, entered on the first days with the dates on which they came about. */
export function found(diary: Diary, end: LocalDate): void {
  const first = diary.on;
  // Each day rests on the one before: records of one sitting are entered side by side.
  const [own, entrusted] = [bodies.filter((b) => b.kind !== 'entrusted'), bodies.filter((b) => b.kind === 'entrusted')];
  own.forEach((body) => foundBody(diary, body, first));
  diary.wait(1);
  entrusted.forEach((body) => foundBody(diary, body, first));
  diary.wait(1);
  people.forEach((person, i) => enterPerson(diary, person, i, first, end));
  bodies.forEach((body) => setChain(diary, body, first));
  powers.forEach((power) => listPower(diary, power, first));
  diary.wait(1);
  powers.forEach((power) => publishBenchmark(diary, power, first));
  const [amended] = powers.filter((p) => p.body.id === 'cgj');
  diary
    .wait(60)
    .enter(registrar, [powerDecider, amended.code], AmendPower, {
      reason: '机构内设科室调整',
      office: bodyOf('cgj').units[1],
      validFrom: diary.on,
    })
    .wait(5)
    .enter(registrar, [powerDecider, amended.code], ReviseFlowchart, {});
}

function foundBody(diary: Diary, body: DemoBody, first: LocalDate): void {
  const random = new Random(`body ${body.id}`);
  const at = [bodyDecider, body.id] as const;
  const day = onOrNextWorkingDay(addYears(first, -3));
  const occurredAt = noon(day);
  diary
    .enter(registrar, at, Body.RegisterBody, {
      name: body.name,
      shortName: body.shortName,
      kind: body.kind,
      region: '明镜市',
      uscc: uscc(random, '11'),
      legalRepresentative: people.find((p) => p.body === body && p.part === 'first')?.name ?? personName(random),
      legalBasis: [...body.legalBasis],
      officeAddress: `明镜市明德路${random.whole(1, 200)}号`,
      supervisionPhone: `0399-${random.digits(7)}`,
      supervisionEmail: `supervision@${body.id}.mingjing.example`,
      ...(body.kind === 'entrusted' && {
        entrustment: {
          document: '明城管委〔2024〕1号',
          entrustingBodyId: 'cgj',
          scope: '街道辖区内市容环境卫生的简易程序和普通程序处罚',
          from: day,
          until: addYears(day, 5),
        },
      }),
      occurredAt,
    })
    .enter(supervisor, at, Body.ReviewBody, { qualified: true, note: '材料齐全，职权清楚', occurredAt })
    .enter(supervisor, at, Body.FileBodyForRecord, {
      filedWith: FILED_WITH,
      reference: `明司备〔${day.slice(0, 4)}〕${bodies.indexOf(body) + 1}号`,
      occurredAt,
    })
    .enter(supervisor, at, Body.AnnounceBody, { medium: '明镜市人民政府网站', occurredAt })
    .enter(supervisor, at, Body.IssueBodyCertificate, {
      number: `MJ-ZT-${String(bodies.indexOf(body) + 1).padStart(3, '0')}`,
      issuedBy: '明镜市人民政府',
      occurredAt,
    });
}

function enterPerson(diary: Diary, person: Person, index: number, first: LocalDate, end: LocalDate): void {
  const at = [officerDecider, person.id] as const;
  const trained = onOrNextWorkingDay(addYears(first, -2));
  const examined = addCalendarDays(trained, 20);
  const issued = addCalendarDays(trained, 45);
  const { standing, part } = person;
  diary.enter(registrar, at, Officer.RegisterOfficer, {
    name: person.name,
    bodyId: person.body.id,
    post: person.post,
    unit: person.unit,
    employment: person.employment,
    occurredAt: noon(trained),
  });
  diary.enter(registrar, at, Officer.RecordTraining, {
    subject: '行政执法通用法律知识与专门法律知识',
    hours: 60,
    occurredAt: noon(trained),
  });
  if (standing === 'contract') return;
  const kind = part === 'reviewer' ? 'legal_qualification' : 'credential';
  const passed = standing !== 'trainee';
  diary.enter(supervisor, at, Officer.RecordExamination, {
    kind,
    score: passed ? 78 + (index % 20) : 52,
    passed,
    occurredAt: noon(examined),
  });
  if (!passed) return;
  if (part === 'reviewer') {
    diary.enter(supervisor, at, Officer.GrantLegalQualification, {
      certificateNumber: `A${issued.slice(0, 4)}990101${String(index).padStart(4, '0')}`,
      occurredAt: noon(issued),
    });
    return;
  }
  const number = `明政执〔${issued.slice(0, 4)}〕${String(index + 1).padStart(4, '0')}`;
  diary.enter(supervisor, at, Officer.IssueCredential, {
    number,
    kind: person.body.id === 'sfj' && part !== 'first' ? 'supervision' : 'enforcement',
    category: person.body.shortName,
    area: '明镜市',
    issuedBy: '明镜市人民政府',
    validFrom: issued,
    validUntil: standing === 'expired' ? addCalendarDays(end, -60) : addCalendarDays(addYears(issued, 5), -1),
    occurredAt: noon(issued),
  });
  const later = diary.meanwhile().wait(90 + (index % 7));
  const reason = '年度法律知识抽测未参加，且未说明理由';
  if (standing === 'suspended') later.enter(supervisor, at, Officer.SuspendCredential, { number, reason });
  if (standing === 'disqualified') later.enter(supervisor, at, Officer.Disqualify, { reason: '两次年度审核不合格' });
  if (!standing) {
    later
      .enter(registrar, at, Officer.OpenAnnualReview, { year: Number(later.on.slice(0, 4)) })
      .wait(3)
      .enter(supervisor, at, Officer.PassAnnualReview, {});
  }
}

/** The responsibility chain 责任链 (L06). */
function setChain(diary: Diary, body: DemoBody, first: LocalDate): void {
  const here = people.filter((p) => p.body === body && !p.standing);
  const leaders = here.flatMap((p): Body.LeaderPost[] => {
    if (p.part === 'first') return [{ role: 'first', officerId: p.id }];
    if (p.part === 'deputy') return body.units.map((unit) => ({ role: 'deputy', officerId: p.id, unit }));
    return p.part === 'unit_head' ? [{ role: 'unit_head', officerId: p.id, unit: p.unit }] : [];
  });
  diary.enter(registrar, [bodyDecider, body.id], Body.SetLeaders, {
    leaders,
    occurredAt: noon(onOrNextWorkingDay(addYears(first, -2))),
  });
}

const inForceFrom = (first: LocalDate): LocalDate => onOrNextWorkingDay(addYears(first, -1));
const basisOf = ({ instrument, article }: DemoPower) => [{ instrument, article }];

function listPower(diary: Diary, power: DemoPower, first: LocalDate): void {
  const validFrom = inForceFrom(first);
  diary.enter(registrar, [powerDecider, power.code], ListPower, {
    name: `对${power.cause}的处罚`,
    powerClass: 'penalty',
    legalBasis: basisOf(power),
    bodyId: power.body.id,
    office: power.unit,
    disclosureForm: '网站公示',
    disclosureScope: '社会公众',
    disclosureTime: '作出决定之日起七个工作日内',
    statutoryDays: 90,
    promisedDays: 60, // two thirds of the statutory time (B06)
    validFrom,
    occurredAt: noon(validFrom),
  });
}

function publishBenchmark(diary: Diary, power: DemoPower, first: LocalDate): void {
  const validFrom = inForceFrom(first);
  diary
    .enter(registrar, [benchmarkDecider, benchmarkOf(power)], PublishBenchmark, {
      powerCode: power.code,
      violation: power.cause,
      legalBasis: basisOf(power),
      penaltyKinds: ['warning', 'fine'],
      unit: power.unitOfFine,
      bands: bandsOf(power, validFrom).map((b): BandTerms => ({ ...b, conditions: conditions[b.level] })),
      validFrom,
      occurredAt: noon(validFrom),
    })
    .enter(registrar, [benchmarkDecider, benchmarkOf(power)], FileBenchmark, {
      filedWith: FILED_WITH,
      reference: `裁量备${power.code}`,
      occurredAt: noon(validFrom),
    });
}

const conditions: Readonly<Record<string, string>> = {
  minor: '初次违法，主动消除危害后果，积极配合调查',
  general: '没有从轻、从重情节',
  serious: '两年内再次违法，或者危害范围较大',
  grave: '造成严重后果，或者拒不改正、阻碍执法',
};
