import { require_ } from '../kernel/errors';
import type { NoticeState, NoticeStatus } from './notice-state';

const statusNames: Readonly<Record<NoticeStatus, { zh: string; en: string }>> = {
  none: { zh: '尚未起草', en: 'not drafted' },
  draft: { zh: '草稿', en: 'a draft' },
  reviewed: { zh: '已审核', en: 'reviewed' },
  withheld: { zh: '不予公示', en: 'withheld' },
  published: { zh: '已公示', en: 'published' },
  withdrawn: { zh: '已撤回', en: 'withdrawn' },
  expired: { zh: '公示期满', en: 'expired' },
};

/** The life of a notice is draft, reviewed, published, then corrected or withdrawn, and expired (I04). */
export function mustBe(state: NoticeState, ...allowed: NoticeStatus[]): void {
  const { zh, en } = statusNames[state.status];
  require_(allowed.includes(state.status), 'notice.wrong_state', {
    zh: `公示信息当前状态为“${zh}”，不能进行此操作。`,
    en: `The notice is ${en}, which does not allow this.`,
    basis: 'I04',
  });
}

export function mustStand(state: NoticeState): void {
  require_(!state.withdrawal, 'notice.withdrawal_required', {
    zh: '决定已被变更、撤销、确认违法或者无效，公示信息应当撤回。',
    en: 'The decision no longer stands; its notice has to be withdrawn.',
    basis: '行政处罚法第48条第2款',
  });
}
