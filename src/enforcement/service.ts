import type { LocalDate } from '../kernel/time';
import { deadline } from '../law/clocks';
import type { Act } from './procedure';
import type { ServiceMethod } from './penalty-types';

/**
 * The day on which a document counts as served: that of the act, or, where it is announced, the day on which the time after
 * the announcement is over (公告送达, 市场监督管理行政处罚程序规定 82). It lies ahead then.
 */
export const servedOn = ({ command: { method }, at }: Act<{ method: ServiceMethod }>): LocalDate =>
  method === 'announcement' ? deadline('penalty.service_by_announcement', at.occurredOn).dueOn : at.occurredOn;
