/** Words of a penalty case that events, commands and the procedure share. */

export const partyKinds = ['natural_person', 'organisation', 'individual_business'] as const;
export type PartyKind = (typeof partyKinds)[number];

/** Where the case stands. `unopened` is the empty stream. */
export const stages = [
  'unopened',
  'clue',
  'declined',
  'ended',
  'investigation',
  'concluded',
  'review',
  'reviewed',
  'noticed',
  'decided',
  'served',
  'closed',
  'archived',
] as const;
export type Stage = (typeof stages)[number];

/** The seven links of full-process recording (D01): 立案、调查、取证、审查、决定、送达、执行. */
export const links = ['filing', 'investigation', 'evidence', 'review', 'decision', 'service', 'execution'] as const;
export type Link = (typeof links)[number];

/** The eight kinds of evidence (行政处罚法 46). */
export const evidenceKinds = [
  'documentary',
  'physical',
  'audio_visual',
  'electronic',
  'witness',
  'party_statement',
  'expert_opinion',
  'inspection_record',
] as const;
export type EvidenceKind = (typeof evidenceKinds)[number];

/** How much of a step is recorded in sound and image (D02): none, key moments, the whole. */
export const recordingLevels = ['none', 'partial', 'full'] as const;
export type RecordingLevel = (typeof recordingLevels)[number];

/** What the case ends in (行政处罚法 57). */
export const outcomes = ['penalty', 'no_penalty_minor', 'no_penalty_unproven', 'transfer'] as const;
export type Outcome = (typeof outcomes)[number];

export { discretionLevels, type DiscretionLevel } from '../law/discretion';

/** The ten items of the legal review (E02). */
export const reviewItems = [
  'body',
  'officers',
  'facts',
  'evidence',
  'application_of_law',
  'discretion',
  'procedure',
  'no_excess_of_power',
  'documents',
  'crime_transfer',
] as const;
export type ReviewItem = (typeof reviewItems)[number];

/** One item of the opinion: passed or not, and why. */
export interface ReviewMark {
  readonly item: ReviewItem;
  readonly passed: boolean;
  readonly reason: string;
}

/** One penalty, proposed or decided. `kind` is a kind of 行政处罚法 9 (src/law/penalty-kinds). Amounts in yuan. */
export interface Penalty {
  readonly kind: string;
  /** Fine, or value of what is confiscated; absent for the kinds without an amount. */
  readonly amountYuan?: number;
  /** How long a lasting one lasts; `endless`: for good, or until something is put right. */
  readonly days?: number;
  readonly months?: number;
  readonly endless?: boolean;
  readonly content: string;
}

/** The answer to one point of the defence (F04). `point` counts from 1. */
export interface PointAnswer {
  readonly point: number;
  readonly accepted: boolean;
  readonly reason: string;
}

export interface Instalment {
  readonly dueOn: string;
  readonly amountYuan: number;
}

/** Grounds on which the time to decide does not run (市场监管程序规定 46, 64). */
export const suspensionGrounds = ['suspension', 'hearing', 'announcement', 'testing'] as const;
export type SuspensionGround = (typeof suspensionGrounds)[number];

export const serviceMethods = [
  'in_person',
  'left_at_address',
  'electronic',
  'post',
  'entrusted',
  'announcement',
] as const;
export type ServiceMethod = (typeof serviceMethods)[number];

export const closingGrounds = [
  'performed',
  'court_ended',
  'investigation_ended',
  'no_penalty',
  'transferred',
  'revoked',
] as const;
export type ClosingGround = (typeof closingGrounds)[number];

/** One line of a file's table of contents (G02). Pages count from 1. */
export interface ContentsEntry {
  readonly volume: 'main' | 'supplementary';
  readonly number: number;
  readonly zh: string;
  readonly en: string;
  readonly on: string;
  readonly fromPage: number;
  readonly toPage: number;
  /** Position in the ledger's stream of the case. */
  readonly revision: number;
}
