import { missedClockRule } from '../clocks/stream-clocks';
import { ownBody, type Decider } from '../kernel/decider';
import * as command from './draw-commands';
import { announcementRules, announcementReferences } from './draw-announcing';
import { holdingRules } from './draw-holding';
import { inspectionReferences, inspectionRules } from './draw-inspecting';
import { evolveDraw, initialDraw, type DrawState } from './draw-state';

/** Announced, held by the program, then inspected and its results published; or voided (B16). */
export const drawDecider: Decider<DrawState> = {
  category: 'draw',
  collection: 'draws',
  zh: '随机抽查',
  en: 'Random draws',
  initialState: initialDraw,
  bodyOf: ownBody,
  evolve: evolveDraw,
  references: (c, state) => {
    if (c instanceof command.AnnounceDraw) return announcementReferences(c);
    if (c instanceof command.RecordDrawnInspection) return inspectionReferences(c, state);
    return [];
  },
  rules: [...announcementRules, ...holdingRules, ...inspectionRules, missedClockRule<DrawState>()],
};
