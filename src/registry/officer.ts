import { ownBody, rule, type Circumstances, type Decider } from '../kernel/decider';
import { require_ } from '../kernel/errors';
import { event } from '../kernel/event';
import { contentOf } from '../kernel/fields';
import { bodyDecider } from './body';
import * as command from './officer-commands';
import { faultRules } from './officer-faults';
import {
  evolveOfficer,
  heldCredential,
  initialOfficer,
  isBarred,
  known,
  wasBarred,
  type Credential,
  type OfficerState,
} from './officer-state';
import { isOpen } from './periods';
import * as E from './registry-events';

export { credentialOn, holdsCredential, postingOn, type Credential, type OfficerState } from './officer-state';

const REGISTRAR = ['registrar'];
const SUPERVISION = ['registrar', 'supervisor'];

function inService(state: OfficerState): void {
  known(state);
  require_(!isBarred(state, 'disqualified'), 'officer.disqualified', {
    zh: '该人员已被取消执法资格。',
    en: 'This officer has been disqualified.',
    basis: 'A05',
  });
  require_(!isBarred(state, 'removed'), 'officer.removed_from_post', {
    zh: '该人员已调离执法岗位。',
    en: 'This officer has been removed from enforcement.',
    basis: 'A07',
  });
}

function bodyExists(bodyId: string, c: Circumstances): void {
  require_(c.lookUp(bodyDecider, bodyId)?.registered, 'officer.unknown_body', {
    zh: '所在单位不是已登记的执法主体。',
    en: 'The body is not a registered enforcement body.',
    basis: 'A06',
    field: 'bodyId',
  });
}

function mayBeCredentialled(c: command.IssueCredential, state: OfficerState): void {
  require_(state.employment !== 'contract' && state.employment !== 'temporary', 'officer.not_eligible', {
    zh: '合同工、临时工不得持有执法证件。',
    en: 'Contract and temporary staff may not hold a credential.',
    basis: 'A05',
  });
  require_(state.trainedOn && state.trainedOn <= c.validFrom, 'officer.training_required', {
    zh: '须先经培训，方可核发执法证件。',
    en: 'Training comes before a credential.',
    basis: 'A04',
  });
  const passedOn = state.passedOn.credential;
  require_(passedOn && passedOn <= c.validFrom, 'officer.examination_required', {
    zh: '须先经考试合格，方可核发执法证件。',
    en: 'A passed examination comes before a credential.',
    basis: 'A04',
  });
  require_(c.validFrom <= c.validUntil, 'officer.credential_term', {
    zh: '证件有效期的截止日早于起始日。',
    en: 'The credential ends before it begins.',
    basis: 'A04',
    field: 'validUntil',
  });
  require_(!heldCredential(state, c.kind, c.validFrom), 'officer.credential_held', {
    zh: '该人员已持有同类有效证件。',
    en: 'The officer holds a credential of this kind already.',
    basis: 'A04',
  });
}

function credential(state: OfficerState, number: string): Credential {
  known(state);
  const found = state.credentials.find((c) => c.number === number && !c.revoked);
  require_(found, 'officer.no_such_credential', {
    zh: '该人员没有此编号的有效证件。',
    en: 'The officer holds no credential with this number.',
    basis: 'A04',
    field: 'number',
  });
  return found;
}

function review(state: OfficerState): NonNullable<OfficerState['review']> {
  known(state);
  require_(state.review, 'officer.no_open_review', {
    zh: '没有进行中的年度审核。',
    en: 'No review is open.',
    basis: 'A07',
  });
  require_(state.review.failures === 0 || state.review.retrained, 'officer.retraining_required', {
    zh: '审核不合格的，须离岗学习后再审核。',
    en: 'After a failed review the officer is retrained before the next.',
    basis: 'A07',
  });
  return state.review;
}

export const officerDecider: Decider<OfficerState> = {
  category: 'officer',
  collection: 'officers',
  zh: '执法人员',
  en: 'Officers',
  initialState: initialOfficer,
  bodyOf: ownBody,
  evolve: evolveOfficer,
  references: (c) =>
    c instanceof command.RegisterOfficer || c instanceof command.Reassign ? [['body', c.bodyId]] : [],
  rules: [
    rule({
      command: command.RegisterOfficer,
      may: REGISTRAR,
      basis: 'A06',
      zh: '登记执法人员',
      en: 'Register an officer',
      decide(c, state, circumstances) {
        require_(!state.registered, 'officer.registered_already', {
          zh: '该执法人员已经登记。',
          en: 'This officer is registered already.',
          basis: 'A06',
        });
        bodyExists(c.bodyId, circumstances);
        return [event(E.OfficerRegistered, contentOf(c))];
      },
    }),
    rule({
      command: command.RecordTraining,
      may: REGISTRAR,
      basis: 'A04、N01',
      zh: '登记培训',
      en: 'Record training',
      decide(c, state, { occurredOn }) {
        known(state);
        return [event(E.OfficerTrained, { subject: c.subject, hours: c.hours, trainedOn: occurredOn })];
      },
    }),
    rule({
      command: command.RecordExamination,
      may: SUPERVISION,
      basis: 'A04、A08',
      zh: '登记考试',
      en: 'Record an examination',
      decide(c, state, { occurredOn }) {
        known(state);
        return [event(E.OfficerExamined, { ...contentOf(c), examinedOn: occurredOn })];
      },
    }),
    rule({
      command: command.IssueCredential,
      may: SUPERVISION,
      basis: 'A04',
      zh: '核发执法证件',
      en: 'Issue a credential',
      decide(c, state) {
        inService(state);
        mayBeCredentialled(c, state);
        return [event(E.CredentialIssued, contentOf(c))];
      },
    }),
    rule({
      command: command.SuspendCredential,
      may: SUPERVISION,
      basis: 'A04',
      zh: '暂扣执法证件',
      en: 'Suspend a credential',
      decide(c, state, { occurredOn }) {
        if (isOpen(credential(state, c.number).barred)) return [];
        return [event(E.CredentialSuspended, { ...contentOf(c), suspendedOn: occurredOn })];
      },
    }),
    rule({
      command: command.ReinstateCredential,
      may: SUPERVISION,
      basis: 'A04',
      zh: '恢复执法证件',
      en: 'Reinstate a credential',
      decide(c, state, { occurredOn }) {
        if (!isOpen(credential(state, c.number).barred)) return [];
        return [event(E.CredentialReinstated, { ...contentOf(c), reinstatedOn: occurredOn })];
      },
    }),
    rule({
      command: command.RevokeCredential,
      may: SUPERVISION,
      basis: 'A04、A05',
      zh: '吊销执法证件',
      en: 'Revoke a credential',
      decide(c, state, { occurredOn }) {
        credential(state, c.number);
        return [event(E.CredentialRevoked, { ...contentOf(c), revokedOn: occurredOn })];
      },
    }),
    rule({
      command: command.OpenAnnualReview,
      may: [...SUPERVISION, 'system'],
      basis: 'A07',
      zh: '启动年度审核',
      en: 'Open the annual review',
      decide(c, state, { occurredOn }) {
        inService(state);
        if (state.review?.year === c.year || state.reviewsPassed.includes(c.year)) return [];
        require_(!state.review, 'officer.review_open', {
          zh: '上一次审核尚未结束。',
          en: 'The earlier review is still open.',
          basis: 'A07',
        });
        return [event(E.AnnualReviewOpened, { year: c.year, cause: 'annual', openedOn: occurredOn, faults: [] })];
      },
    }),
    rule({
      command: command.PassAnnualReview,
      may: SUPERVISION,
      basis: 'A07',
      zh: '年度审核合格',
      en: 'Pass the review',
      decide(_, state, { occurredOn }) {
        const open = review(state);
        const passed = event(E.AnnualReviewPassed, { year: open.year, passedOn: occurredOn });
        if (open.failures === 0) return [passed];
        const back = { after: 'retraining', from: occurredOn, reason: '离岗学习后审核合格' } as const;
        return [passed, event(E.OfficerReturnedToDuty, back)];
      },
    }),
    rule({
      command: command.FailAnnualReview,
      may: SUPERVISION,
      basis: 'A07',
      zh: '年度审核不合格',
      en: 'Fail the review',
      decide(c, state, { occurredOn }) {
        const open = review(state);
        const failed = event(E.AnnualReviewFailed, { year: open.year, failedOn: occurredOn, reason: c.reason });
        return open.failures === 0
          ? [failed, event(E.SentForRetraining, { from: occurredOn })]
          : [failed, event(E.RemovedFromPost, { removedOn: occurredOn, reason: c.reason })];
      },
    }),
    ...faultRules,
    rule({
      command: command.StandDown,
      may: ['system', 'investigator', 'supervisor', 'head'],
      basis: 'L04',
      zh: '停止执法',
      en: 'Stand down',
      decide(c, state, { occurredOn }) {
        known(state);
        // An order that the program repeats long after, of a day already covered, stands nobody down again.
        if (wasBarred(state, 'stand_down', occurredOn)) return [];
        return [event(E.OfficerStoodDown, { from: occurredOn, reason: c.reason })];
      },
    }),
    rule({
      command: command.ReturnToDuty,
      may: ['supervisor', 'head'],
      basis: 'L04',
      zh: '恢复执法',
      en: 'Return to duty',
      decide(c, state, { occurredOn }) {
        inService(state);
        if (!isBarred(state, 'stand_down')) return [];
        return [event(E.OfficerReturnedToDuty, { after: 'stand_down', from: occurredOn, reason: c.reason })];
      },
    }),
    rule({
      command: command.Reassign,
      may: REGISTRAR,
      basis: 'A05',
      zh: '调动',
      en: 'Reassign',
      decide(c, state, circumstances) {
        known(state);
        bodyExists(c.bodyId, circumstances);
        return [event(E.OfficerReassigned, { ...contentOf(c), from: circumstances.occurredOn })];
      },
    }),
    rule({
      command: command.Disqualify,
      may: SUPERVISION,
      basis: 'A05',
      zh: '取消执法资格',
      en: 'Disqualify',
      decide(c, state, { occurredOn }) {
        known(state);
        if (isBarred(state, 'disqualified')) return [];
        return [event(E.OfficerDisqualified, { disqualifiedOn: occurredOn, reason: c.reason })];
      },
    }),
    rule({
      command: command.GrantLegalQualification,
      may: SUPERVISION,
      basis: 'A08、行政处罚法58',
      zh: '登记法律职业资格',
      en: 'Record the legal qualification',
      decide(c, state, { occurredOn }) {
        known(state);
        const passedOn = state.passedOn.legal_qualification;
        require_(passedOn && passedOn <= occurredOn, 'officer.legal_examination_required', {
          zh: '须通过国家统一法律职业资格考试。',
          en: 'The national legal professional examination must be passed first.',
          basis: 'A08、行政处罚法58',
        });
        if (state.legalQualification) return [];
        return [event(E.LegalQualificationGranted, { certificateNumber: c.certificateNumber, grantedOn: occurredOn })];
      },
    }),
  ],
};
