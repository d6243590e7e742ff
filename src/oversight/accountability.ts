import { rule, type Decider, type Reference } from '../kernel/decider';
import * as command from './accountability-commands';
import * as consequences from './accountability-consequences';
import * as inquiry from './accountability-inquiry';
import { evolveMatter, initialMatter, type MatterState } from './accountability-state';
import { missedClockRule } from '../clocks/stream-clocks';

export type { MatterState } from './accountability-state';

const INVESTIGATOR = ['investigator'];
const DECIDER = ['head'];

const officers = (ids: readonly string[]): Reference[] => ids.map((id) => ['officer', id]);

/** Accountability 责任追究: from a clue to measures, recovery and the clearing of names (L01-L08). */
export const matterDecider: Decider<MatterState> = {
  category: 'matter',
  collection: 'matters',
  zh: '责任追究',
  en: 'Accountability matters',
  initialState: initialMatter,
  evolve: evolveMatter,
  // Payments are recorded by the collecting bank's account, which belongs to no enforcement body or to another (C04).
  bodyOf: (s, c) => (c instanceof command.RecordRecoveryPayment ? undefined : s.bodyId || undefined),
  references: (c) =>
    c instanceof command.RaiseClue
      ? [['body', c.bodyId], ...officers(c.officerIds)]
      : c instanceof command.OpenMatterInvestigation
        ? officers(c.investigatorIds)
        : c instanceof command.DistinguishResponsibility
          ? officers(c.persons.map((p) => p.officerId))
          : [],
  rules: [
    rule({
      command: command.RaiseClue,
      may: ['system', 'supervisor', 'investigator'],
      basis: 'L01、L06',
      zh: '提出责任追究线索',
      en: 'Raise an accountability clue',
      decide: inquiry.raise,
    }),
    rule({
      command: command.DismissClue,
      may: ['supervisor', 'investigator'],
      basis: 'L03',
      zh: '不予追究',
      en: 'Dismiss the clue',
      decide: inquiry.dismiss,
    }),
    rule({
      command: command.OpenMatterInvestigation,
      may: ['supervisor', 'investigator', 'head'],
      basis: 'L03、公职人员政务处分法第42条',
      zh: '立案调查',
      en: 'Open the investigation',
      decide: inquiry.openInvestigation,
    }),
    rule({
      command: command.RecordMatterEvidence,
      may: INVESTIGATOR,
      basis: 'L03',
      zh: '记录证据',
      en: 'Record evidence',
      decide: inquiry.recordEvidence,
    }),
    rule({
      command: command.DistinguishResponsibility,
      may: INVESTIGATOR,
      basis: 'L03',
      zh: '区分单位与人员责任',
      en: 'Distinguish unit and personal responsibility',
      decide: inquiry.distinguish,
    }),
    rule({
      command: command.OfferMatterStatement,
      may: INVESTIGATOR,
      basis: 'L03、公职人员政务处分法第43条',
      zh: '告知陈述申辩权',
      en: 'Offer the statement',
      decide: inquiry.offerStatement,
    }),
    rule({
      command: command.RecordMatterStatement,
      may: INVESTIGATOR,
      basis: 'L03、公职人员政务处分法第43条',
      zh: '记录陈述申辩',
      en: 'Record the statement',
      decide: inquiry.recordStatement,
    }),
    rule({
      command: command.DetermineResponsibility,
      may: DECIDER,
      basis: 'L02、L03、L07、市场监督管理行政执法责任制规定第9、11、12、14条',
      zh: '认定责任',
      en: 'Determine responsibility',
      decide: inquiry.determine,
    }),
    rule({
      command: command.ImposeMeasures,
      may: DECIDER,
      basis: 'L02、L04、市场监督管理行政执法责任制规定第15条',
      zh: '决定追责措施',
      en: 'Impose measures',
      decide: consequences.imposeMeasures,
    }),
    rule({
      command: command.RecordSupervisionDiscipline,
      may: ['investigator', 'supervisor', 'registrar'],
      basis: '公职人员政务处分法第16条',
      zh: '登记监察机关政务处分',
      en: 'Record a discipline by the supervision organ',
      decide: consequences.recordSupervisionDiscipline,
    }),
    rule({
      command: command.AppealDetermination,
      may: [
        'officer',
        'reviewer',
        'head',
        'registrar',
        'cashier',
        'supervisor',
        'investigator',
        'disclosure',
        'appraiser',
      ],
      basis: 'L03、公务员法第95条',
      zh: '申请复核',
      en: 'Ask for a review of the determination',
      decide: consequences.appeal,
    }),
    rule({
      command: command.DecideDeterminationAppeal,
      may: ['head', 'supervisor'],
      basis: 'L03、公职人员政务处分法第56条',
      zh: '决定复核',
      en: 'Decide the review',
      decide: consequences.decideAppeal,
    }),
    rule({
      command: command.RecordCompensation,
      may: ['investigator', 'head'],
      basis: 'L08、P04',
      zh: '登记赔偿支付',
      en: 'Record compensation paid',
      decide: consequences.recordCompensation,
    }),
    rule({
      command: command.OrderRecovery,
      may: DECIDER,
      basis: '国家赔偿法第16条、L08',
      zh: '责令承担赔偿费用',
      en: 'Order recovery',
      decide: consequences.orderRecovery,
    }),
    rule({
      command: command.RecordRecoveryPayment,
      may: ['cashier'],
      basis: 'L08',
      zh: '登记追偿缴款',
      en: 'Record a recovery payment',
      decide: consequences.recordRecoveryPayment,
    }),
    rule({
      command: command.CloseMatter,
      may: ['investigator', 'head'],
      basis: 'L03、L08',
      zh: '办结责任追究',
      en: 'Close the matter',
      decide: consequences.close,
    }),
    rule({
      command: command.ClearName,
      may: ['head', 'supervisor'],
      basis: '市场监督管理行政执法责任制规定第21条',
      zh: '澄清正名',
      en: "Clear an officer's name",
      decide: consequences.clearName,
    }),
    missedClockRule(),
  ],
};
