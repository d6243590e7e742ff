import type { MatterRow } from '../../projections/accountability/rows';
import type { ComplaintRow } from '../../projections/complaints/complaints';
import type { Actor } from '../kernel/event';
import { resourceController, type Resource } from '../api/resource.controller';

const OVERSEERS = ['supervisor', 'investigator', 'head'];

/** A complaint in a list: how far it has come, not who complained of what. */
function complaintInList(row: ComplaintRow): object {
  const { id, topic, source, bodyId, caseId, anonymous, status, lodgedAt, ownerId, firstOwnerId } = row;
  const { result, answeredOn, closing, reopened, position, revision } = row;
  return {
    ...{ id, topic, source, bodyId, caseId, anonymous, status, lodgedAt, ownerId, firstOwnerId },
    ...{ result, answeredOn, closing, reopened, position, revision },
  };
}

/** Name, contact and text of a complaint are for the officer it is assigned to and for those who oversee. */
export function mayKnowComplainant({ ownerId }: Pick<ComplaintRow, 'ownerId'>, { officer, roles }: Actor): boolean {
  return (officer !== undefined && officer === ownerId) || roles.some((role) => OVERSEERS.includes(role));
}

/** One complaint for one of the staff: whoever complained of an officer must not be known to all of that officer's colleagues. */
function complaintFor(row: ComplaintRow, _: string, actor: Actor): object {
  const { name: _name, contact: _contact, text: _text, ...others } = row;
  return mayKnowComplainant(row, actor) ? row : others;
}

/** A matter in a list: what it is about and how far it has come, not against whom. */
function matterInList(row: MatterRow): object {
  const { id, ground, origin, raisedBy, bodyId, status, consequence, compensationYuan } = row;
  const { recoveryOutstandingYuan, raisedAt, closedOutcome, position, revision } = row;
  return {
    ...{ id, ground, origin, raisedBy, bodyId, status, consequence, compensationYuan },
    ...{ recoveryOutstandingYuan, raisedAt, closedOutcome, position, revision },
  };
}

/** Complaints with their text, for those who handle them (J03). */
export const complaintsResource: Resource = {
  path: 'complaints',
  projection: 'complaints',
  table: 'complaint',
  zh: '投诉举报',
  en: 'Complaints',
  readers: ['officer', ...OVERSEERS],
  filters: {
    status: { column: 'status', is: 'value', zh: '状态', en: 'status' },
    topic: { column: 'topic', is: 'value', zh: '热点方面', en: 'topic' },
    owner: { column: 'owner', is: 'value', zh: '承办人', en: 'owner' },
  },
  orderBy: { column: 'lodged', direction: 'desc' },
  bodyColumn: 'body',
  bodyOf: (row: ComplaintRow) => row.bodyId,
  present: complaintFor,
  listed: complaintInList,
};

export const ComplaintsController = resourceController(complaintsResource);

/** Complaints received, answered and closed by topic (J05): figures only. */
export const complaintTopicsResource: Resource = {
  path: 'complaint-topics',
  projection: 'complaints',
  table: 'topic',
  zh: '投诉举报分类统计',
  en: 'Complaints by topic',
  readers: 'public',
  filters: {},
  orderBy: { column: 'key', direction: 'asc' },
  listOnly: true,
};

export const ComplaintTopicsController = resourceController(complaintTopicsResource);

/** Accountability matters (L01-L08). */
export const mattersResource: Resource = {
  path: 'matters',
  projection: 'accountability',
  table: 'matter',
  zh: '责任追究',
  en: 'Accountability matters',
  readers: ['supervisor', 'investigator'],
  filters: {
    status: { column: 'status', is: 'value', zh: '状态', en: 'status' },
    ground: { column: 'ground', is: 'value', zh: '追责情形', en: 'ground' },
    body: { column: 'body', is: 'value', zh: '单位', en: 'body' },
    recovery: { column: 'recovery', is: 'value', zh: '追偿未清（0/1）', en: 'recovery outstanding', numeric: true },
  },
  orderBy: { column: 'raised', direction: 'desc' },
  bodyColumn: 'body',
  bodyOf: (row: MatterRow) => row.bodyId,
  listed: matterInList,
};

export const MattersController = resourceController(mattersResource);

/** Legal clocks of every record, the nearest due date first. */
export const ClocksController = resourceController({
  path: 'clocks',
  projection: 'accountability',
  table: 'clock',
  zh: '法定期限',
  en: 'Legal clocks',
  readers: ['officer', 'reviewer', 'disclosure', ...OVERSEERS],
  filters: {
    state: { column: 'state', is: 'value', zh: '状态', en: 'state' },
    missed: { column: 'missed', is: 'value', zh: '已逾期（0/1）', en: 'missed, 0 or 1', numeric: true },
    dueTo: { column: 'due', is: 'to', zh: '到期日至', en: 'due on or before' },
    stream: { column: 'stream', is: 'value', zh: '记录', en: 'record' },
  },
  orderBy: { column: 'due', direction: 'asc' },
  bodyColumn: 'body',
  listOnly: true,
});

/** Who answers for which missed clock, along the chain of responsibility (L06). */
export const AnswersController = resourceController({
  path: 'answerable',
  projection: 'accountability',
  table: 'answer',
  zh: '责任链',
  en: 'Who answers for what',
  readers: OVERSEERS,
  filters: {
    officer: { column: 'officer', is: 'value', zh: '人员', en: 'officer id' },
    body: { column: 'body', is: 'value', zh: '单位', en: 'body' },
  },
  orderBy: { column: 'due', direction: 'desc' },
  bodyColumn: 'body',
  listOnly: true,
});

/** The accountability board: one line a body. */
export const AccountabilityBoardController = resourceController({
  path: 'accountability-board',
  projection: 'accountability',
  table: 'body',
  zh: '责任追究看板',
  en: 'Accountability board',
  readers: OVERSEERS,
  filters: { body: { column: 'body', is: 'value', zh: '单位', en: 'body' } },
  orderBy: { column: 'key', direction: 'asc' },
  bodyColumn: 'body',
  listOnly: true,
});
