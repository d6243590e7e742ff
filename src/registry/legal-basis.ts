import { require_ } from '../kernel/errors';
import type { LocalDate } from '../kernel/time';
import { instrument, isInForce, isPenaltyBasis } from '../law/instruments';
import type { ArticleReference } from './registry-events';

/**
 * Refuses a basis that the dictionary does not know, that was not in force that day, or that is no law, regulation or rule
 * where only these will do (B02, G01).
 */
export function checkLegalBasis(cited: readonly ArticleReference[], needsRule: boolean, on: LocalDate): void {
  for (const { instrument: name } of cited) {
    const found = instrument(name);
    require_(found, 'power.unknown_instrument', {
      zh: `依据字典中没有《${name}》。`,
      en: `The legal-basis dictionary has no ${name}.`,
      basis: 'B02、B11',
      field: 'legalBasis',
    });
    require_(isInForce(found, on), 'power.basis_not_in_force', {
      zh: `《${name}》在 ${on} 不具效力。`,
      en: `${found.en} is not in force on ${on}.`,
      basis: 'B02',
      field: 'legalBasis',
    });
    require_(!needsRule || isPenaltyBasis(found.rank), 'power.basis_rank', {
      zh: `《${name}》是其他规范性文件，不得作为依据。`,
      en: `${found.en} ranks below laws, regulations and rules.`,
      basis: 'G01',
      field: 'legalBasis',
    });
  }
}
