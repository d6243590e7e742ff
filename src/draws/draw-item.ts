import { evolveBy, rule, when, type Circumstances, type Decider } from '../kernel/decider';
import { require_ } from '../kernel/errors';
import { event } from '../kernel/event';
import { contentOf } from '../kernel/fields';
import { bodyDecider, isAnnounced } from '../registry/body';
import { checkLegalBasis } from '../registry/legal-basis';
import { isPowerOf, powerDecider } from '../registry/power';
import * as command from './draw-item-commands';
import * as E from './draw-item-events';

/** An item on the list of random inspections 随机抽查事项 (B16) as decisions see it. */
export interface DrawItemState {
  readonly bodyId: string;
  /** How many versions were drafted. */
  readonly versions: number;
  /** The version that is not published yet. */
  readonly draft?: E.DrawItemDrafted & { readonly approved: boolean };
  /** The version in force. */
  readonly published?: E.DrawItemDrafted;
  readonly withdrawn: boolean;
}

const initialState: DrawItemState = { bodyId: '', versions: 0, withdrawn: false };

const ORGANISERS = ['registrar', 'head'];

function drafted(state: DrawItemState): NonNullable<DrawItemState['draft']> {
  require_(state.draft, 'draw_item.nothing_drafted', {
    zh: '该事项没有待审核或待公示的版本。',
    en: 'The item has no version that waits for review or publication.',
    basis: 'B16',
  });
  return state.draft;
}

function notWithdrawn(state: DrawItemState): void {
  require_(!state.withdrawn, 'draw_item.withdrawn', {
    zh: '该事项已经取消。',
    en: 'The item has been withdrawn.',
    basis: 'B16',
  });
}

function draft(d: command.DraftDrawItem, state: DrawItemState, c: Circumstances): object[] {
  notWithdrawn(state);
  require_(!state.bodyId || state.bodyId === d.bodyId, 'draw_item.other_body', {
    zh: '该事项属于其他执法主体。',
    en: 'The item is another body’s.',
    basis: 'B16',
    field: 'bodyId',
  });
  for (const field of ['bodyId', 'reviewBodyId'] as const) {
    require_(isAnnounced(c.lookUp(bodyDecider, d[field]), c.occurredOn), 'draw_item.unknown_body', {
      zh: '抽查主体和审核部门须为已公告的执法主体。',
      en: 'The inspecting body and the reviewing department must be announced.',
      basis: 'A02、B16',
      field,
    });
  }
  const power = c.lookUp(powerDecider, d.powerCode);
  require_(power?.powerClass === 'inspection' && isPowerOf(power, d.bodyId, c.occurredOn), 'draw_item.power_missing', {
    zh: '抽查须依据列入该主体职权目录、现行有效的行政检查事项。',
    en: 'A random inspection exercises an inspection power that is in the body’s catalogue and in force.',
    basis: 'B03、B16',
    field: 'powerCode',
  });
  checkLegalBasis(d.legalBasis, true, c.occurredOn);
  require_(new Set(d.strata.map((s) => s.stratum)).size === d.strata.length, 'draw_item.stratum_twice', {
    zh: '同一风险类别只能规定一个抽查比例。',
    en: 'A risk class has one ratio.',
    basis: 'B16',
    field: 'strata',
  });
  return [event(E.DrawItemDrafted, { version: state.versions + 1, ...contentOf(d) })];
}

export const drawItemDecider: Decider<DrawItemState> = {
  category: 'drawitem',
  collection: 'draw-items',
  zh: '随机抽查事项',
  en: 'Draw items',
  initialState,
  bodyOf: (s, c) => {
    if (c instanceof command.ReviewDrawItem) return s.draft?.reviewBodyId;
    return s.bodyId || (c instanceof command.DraftDrawItem ? c.bodyId : undefined);
  },
  evolve: evolveBy<DrawItemState>(
    when(E.DrawItemDrafted, (s, d) => ({
      ...s,
      bodyId: d.bodyId,
      versions: d.version,
      draft: { ...d, approved: false },
    })),
    when(E.DrawItemReviewed, (s, d) =>
      d.approved ? { ...s, draft: s.draft && { ...s.draft, approved: true } } : { ...s, draft: undefined },
    ),
    when(E.DrawItemPublished, (s) => ({ ...s, published: s.draft, draft: undefined })),
    when(E.DrawItemWithdrawn, (s) => ({ ...s, published: undefined, draft: undefined, withdrawn: true })),
  ),
  references: (c) =>
    c instanceof command.DraftDrawItem
      ? [
          ['body', c.bodyId],
          ['body', c.reviewBodyId],
          ['power', c.powerCode],
        ]
      : [],
  rules: [
    rule({
      command: command.DraftDrawItem,
      may: ORGANISERS,
      basis: 'B16',
      zh: '拟定抽查事项',
      en: 'Draft a draw item',
      decide: draft,
    }),
    rule({
      command: command.ReviewDrawItem,
      may: ['head', 'supervisor'],
      basis: 'B16',
      zh: '审核抽查事项',
      en: 'Review a draw item',
      decide(c, state: DrawItemState, { occurredOn }) {
        const { version, approved } = drafted(state);
        require_(!approved, 'draw_item.reviewed_already', {
          zh: '该版本已经审核通过。',
          en: 'This version has passed its review already.',
          basis: 'B16',
        });
        return [event(E.DrawItemReviewed, { version, ...contentOf(c), reviewedOn: occurredOn })];
      },
    }),
    rule({
      command: command.PublishDrawItem,
      may: ['disclosure', ...ORGANISERS],
      basis: 'B16、I02',
      zh: '公示抽查事项',
      en: 'Publish a draw item',
      decide(_, state: DrawItemState, { occurredOn }) {
        const { version, approved } = drafted(state);
        require_(approved, 'draw_item.not_reviewed', {
          zh: '抽查事项须经市场监管部门审核通过后公示。',
          en: 'An item is published after the market regulation department has approved it.',
          basis: 'B16',
        });
        return [event(E.DrawItemPublished, { version, publishedOn: occurredOn })];
      },
    }),
    rule({
      command: command.WithdrawDrawItem,
      may: ORGANISERS,
      basis: 'B16、I02',
      zh: '取消抽查事项',
      en: 'Withdraw a draw item',
      decide(c, state: DrawItemState, { occurredOn }) {
        notWithdrawn(state);
        require_(state.versions > 0, 'draw_item.nothing_drafted', {
          zh: '没有该抽查事项。',
          en: 'There is no such item.',
          basis: 'B16',
        });
        return [event(E.DrawItemWithdrawn, { withdrawnOn: occurredOn, reason: c.reason })];
      },
    }),
  ],
};
