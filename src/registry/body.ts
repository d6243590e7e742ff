import { evolveBy, rule, when, type Circumstances, type Decider } from '../kernel/decider';
import { require_ } from '../kernel/errors';
import { event } from '../kernel/event';
import { contentOf } from '../kernel/fields';
import type { LocalDate } from '../kernel/time';
import { isValidUscc } from '../law/identifiers';
import * as command from './body-commands';
import { begin, covers, end, isOpen, type Period } from './periods';
import * as E from './registry-events';

/** An enforcement body 执法主体 (A01-A03) as decisions see it. */
export interface BodyState {
  readonly registered: boolean;
  readonly name: string;
  readonly kind: E.BodyKind;
  readonly region: string;
  readonly uscc: string;
  readonly entrustment?: E.Entrustment;
  /** The outcome of the last review since it was registered or removed. */
  readonly qualified?: boolean;
  readonly filedForRecord: boolean;
  readonly announced: readonly Period[];
  readonly certificate?: string;
  /** While its certificate was suspended or revoked. */
  readonly barred: readonly Period[];
  /** Responsibility chains, each from its day on (L06). */
  readonly chains: ReadonlyArray<{ readonly from: LocalDate; readonly leaders: readonly E.Leader[] }>;
}

const initialState: BodyState = {
  registered: false,
  name: '',
  kind: 'statutory',
  region: '',
  uscc: '',
  filedForRecord: false,
  announced: [],
  barred: [],
  chains: [],
};

/**
 * Whether the body may act in its own name that day: announced, not removed, its certificate neither suspended nor revoked,
 * and within the term of the entrustment if it acts under one (A02, A03, 行政处罚法 20).
 */
export function isAnnounced(state: BodyState | undefined, on: LocalDate): boolean {
  if (!state || !covers(state.announced, on) || covers(state.barred, on)) return false;
  return !state.entrustment || (state.entrustment.from <= on && on <= state.entrustment.until);
}

/** Who answered for the body that day (L06); empty when no chain was set by then. */
export function leadersOn(state: BodyState | undefined, on: LocalDate): readonly E.Leader[] {
  return state?.chains.findLast((c) => c.from <= on)?.leaders ?? [];
}

const REGISTRAR = ['registrar'];
const SUPERVISION = ['registrar', 'supervisor'];

function known(state: BodyState): void {
  require_(state.registered, 'body.not_registered', {
    zh: '该执法主体尚未登记。',
    en: 'This enforcement body is not registered.',
    basis: 'A01',
  });
}

/** Only an administrative organ may entrust, in writing, and what was entrusted may not be entrusted again. */
function checkEntrustment(terms: E.Entrustment | undefined, c: Circumstances): void {
  const basis = 'A01、行政处罚法第20条';
  require_(terms, 'body.entrustment_required', {
    zh: '受委托组织须载明委托书、委托机关、事项和期限。',
    en: 'An entrusted organisation needs the written entrustment, its entrusting body, scope and term.',
    basis,
    field: 'entrustment',
  });
  require_(terms.from <= terms.until, 'body.entrustment_term', {
    zh: '委托期限的截止日早于起始日。',
    en: 'The entrustment ends before it begins.',
    basis,
    field: 'entrustment.until',
  });
  const entrusting = c.lookUp(bodyDecider, terms.entrustingBodyId);
  require_(
    entrusting && entrusting.kind !== 'entrusted' && isAnnounced(entrusting, c.today),
    'body.entrusting_body_unfit',
    {
      zh: '委托机关须为已公告的执法主体，受委托组织不得再委托。',
      en: 'The entrusting body must be announced, and may not itself act under an entrustment.',
      basis,
      field: 'entrustment.entrustingBodyId',
    },
  );
}

export const bodyDecider: Decider<BodyState> = {
  category: 'body',
  collection: 'bodies',
  zh: '执法主体',
  en: 'Enforcement bodies',
  initialState,
  evolve: evolveBy<BodyState>(
    when(E.BodyRegistered, (_, d) => ({
      ...initialState,
      registered: true,
      name: d.name,
      kind: d.kind,
      region: d.region,
      uscc: d.uscc,
      entrustment: d.entrustment,
    })),
    when(E.BodyDetailsChanged, (s, d) => ({ ...s, name: d.name ?? s.name })),
    when(E.BodyReviewed, (s, d) => ({ ...s, qualified: d.qualified })),
    when(E.BodyFiledForRecord, (s) => ({ ...s, filedForRecord: true })),
    when(E.BodyAnnounced, (s, d) => ({ ...s, announced: begin(s.announced, { from: d.announcedOn }) })),
    when(E.BodyRemoved, (s, d) => ({
      ...s,
      announced: end(s.announced, d.removedOn),
      qualified: undefined,
      filedForRecord: false,
    })),
    when(E.BodyCertificateIssued, (s, d) => ({ ...s, certificate: d.number, barred: end(s.barred, d.issuedOn) })),
    when(E.BodyCertificateSuspended, (s, d) => ({ ...s, barred: begin(s.barred, { from: d.suspendedOn }) })),
    when(E.BodyCertificateReinstated, (s, d) => ({ ...s, barred: end(s.barred, d.reinstatedOn) })),
    when(E.BodyCertificateRevoked, (s, d) => ({
      ...s,
      certificate: undefined,
      barred: begin(s.barred, { from: d.revokedOn }),
    })),
    when(E.LeadersSet, (s, d) => ({ ...s, chains: [...s.chains, { from: d.from, leaders: d.leaders }] })),
  ),
  references: (c) =>
    c instanceof command.RegisterBody && c.entrustment ? [['body', c.entrustment.entrustingBodyId]] : [],
  rules: [
    rule({
      command: command.RegisterBody,
      may: REGISTRAR,
      basis: 'A01、A02',
      zh: '登记执法主体',
      en: 'Register an enforcement body',
      decide(c, state, circumstances) {
        require_(!state.registered, 'body.registered_already', {
          zh: '该执法主体已经登记。',
          en: 'This enforcement body is registered already.',
          basis: 'A01',
        });
        require_(isValidUscc(c.uscc), 'body.uscc_invalid', {
          zh: '统一社会信用代码校验不通过。',
          en: 'The unified social credit code does not check.',
          basis: 'GB 32100',
          field: 'uscc',
        });
        if (c.kind === 'entrusted') checkEntrustment(c.entrustment, circumstances);
        else {
          require_(!c.entrustment, 'body.entrustment_not_applicable', {
            zh: '只有受委托组织才载明委托书。',
            en: 'Only an entrusted organisation has an entrustment.',
            basis: 'A01',
            field: 'entrustment',
          });
        }
        return [event(E.BodyRegistered, contentOf(c))];
      },
    }),
    rule({
      command: command.ChangeBodyDetails,
      may: REGISTRAR,
      basis: 'A02、I02',
      zh: '变更公示信息',
      en: 'Change published details',
      decide(c, state, { occurredOn }) {
        known(state);
        const changes = contentOf(c);
        if (Object.values(changes).every((value) => value === undefined)) return [];
        return [event(E.BodyDetailsChanged, { ...changes, changedOn: occurredOn })];
      },
    }),
    rule({
      command: command.ReviewBody,
      may: SUPERVISION,
      basis: 'A01',
      zh: '审核主体资格',
      en: 'Review qualification',
      decide(c, state, { occurredOn }) {
        known(state);
        return [event(E.BodyReviewed, { qualified: c.qualified, reviewedOn: occurredOn, note: c.note })];
      },
    }),
    rule({
      command: command.FileBodyForRecord,
      may: SUPERVISION,
      basis: 'A01',
      zh: '主体备案',
      en: 'File for record',
      decide(c, state, { occurredOn }) {
        known(state);
        require_(state.qualified, 'body.not_qualified', {
          zh: '主体资格尚未审核合格，不得备案。',
          en: 'The body has not passed its review.',
          basis: 'A01',
        });
        return [event(E.BodyFiledForRecord, { filedWith: c.filedWith, filedOn: occurredOn, reference: c.reference })];
      },
    }),
    rule({
      command: command.AnnounceBody,
      may: SUPERVISION,
      basis: 'A02',
      zh: '公告主体',
      en: 'Announce',
      decide(c, state, { occurredOn }) {
        known(state);
        require_(state.qualified && state.filedForRecord, 'body.not_ready_to_announce', {
          zh: '主体须先审核合格并备案，方可公告。',
          en: 'A body is announced only after it passed its review and was filed for record.',
          basis: 'A01、A02',
        });
        if (isOpen(state.announced)) return [];
        return [event(E.BodyAnnounced, { announcedOn: occurredOn, medium: c.medium, url: c.url })];
      },
    }),
    rule({
      command: command.RemoveBody,
      may: SUPERVISION,
      basis: 'A01、A02',
      zh: '清理主体',
      en: 'Remove',
      decide(c, state, { occurredOn }) {
        known(state);
        require_(isOpen(state.announced), 'body.not_announced', {
          zh: '该主体未在公告名单上。',
          en: 'The body is not on the announced list.',
          basis: 'A02',
        });
        return [event(E.BodyRemoved, { removedOn: occurredOn, reason: c.reason })];
      },
    }),
    rule({
      command: command.IssueBodyCertificate,
      may: SUPERVISION,
      basis: 'A03',
      zh: '核发主体资格证',
      en: 'Issue the certificate',
      decide(c, state, { occurredOn }) {
        known(state);
        require_(state.qualified, 'body.not_qualified', {
          zh: '主体资格尚未审核合格，不得核发资格证。',
          en: 'The body has not passed its review.',
          basis: 'A01、A03',
        });
        require_(!state.certificate, 'body.certificate_held', {
          zh: '该主体已持有资格证。',
          en: 'The body holds a certificate already.',
          basis: 'A03',
        });
        return [event(E.BodyCertificateIssued, { number: c.number, issuedBy: c.issuedBy, issuedOn: occurredOn })];
      },
    }),
    rule({
      command: command.SuspendBodyCertificate,
      may: SUPERVISION,
      basis: 'A03',
      zh: '暂扣主体资格证',
      en: 'Suspend the certificate',
      decide(c, state, { occurredOn }) {
        holdsCertificate(state);
        if (isOpen(state.barred)) return [];
        return [event(E.BodyCertificateSuspended, { suspendedOn: occurredOn, reason: c.reason })];
      },
    }),
    rule({
      command: command.ReinstateBodyCertificate,
      may: SUPERVISION,
      basis: 'A03',
      zh: '恢复主体资格证',
      en: 'Reinstate the certificate',
      decide(c, state, { occurredOn }) {
        holdsCertificate(state);
        if (!isOpen(state.barred)) return [];
        return [event(E.BodyCertificateReinstated, { reinstatedOn: occurredOn, reason: c.reason })];
      },
    }),
    rule({
      command: command.RevokeBodyCertificate,
      may: SUPERVISION,
      basis: 'A03',
      zh: '吊销主体资格证',
      en: 'Revoke the certificate',
      decide(c, state, { occurredOn }) {
        holdsCertificate(state);
        return [event(E.BodyCertificateRevoked, { revokedOn: occurredOn, reason: c.reason })];
      },
    }),
    rule({
      command: command.SetLeaders,
      may: REGISTRAR,
      basis: 'L06',
      zh: '设定责任链',
      en: 'Set the responsibility chain',
      decide(c, state, { occurredOn }) {
        known(state);
        require_(c.leaders.filter((l) => l.role === 'first').length === 1, 'body.one_first_responsible', {
          zh: '责任链须有且只有一名第一责任人。',
          en: 'The chain needs exactly one first responsible person.',
          basis: 'L06',
          field: 'leaders',
        });
        require_(
          c.leaders.every((l) => l.role === 'first' || l.unit),
          'body.leader_without_unit',
          {
            zh: '分管领导和科室负责人须注明所负责的科室。',
            en: 'A deputy and a head of a unit need the unit they answer for.',
            basis: 'L06',
            field: 'leaders',
          },
        );
        return [event(E.LeadersSet, { leaders: c.leaders.map((l) => ({ ...l })), from: occurredOn })];
      },
    }),
  ],
};

function holdsCertificate(state: BodyState): void {
  known(state);
  require_(state.certificate, 'body.no_certificate', {
    zh: '该主体没有有效的主体资格证。',
    en: 'The body holds no certificate.',
    basis: 'A03',
  });
}
