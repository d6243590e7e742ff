import type { Gate } from './procedure';

/** What of a row says whose step it is. */
interface Taken {
  readonly may: readonly string[];
  readonly acting?: unknown;
  readonly anyOfBody?: boolean;
}

/**
 * That an officer acts only in person: as one of those who do the act, or, where the act names nobody, as one of those on the
 * case. Who may take the step in another capacity (head, reviewer) need not be either. Before a case is filed nobody is on it.
 */
export function inPerson({ may, acting, anyOfBody }: Taken): readonly Gate[] {
  if (anyOfBody || !may.includes('officer')) return [];
  const others = may.filter((role) => role !== 'officer');
  const holds: (mine: (officer: string, act: Parameters<Gate['holds']>[0]) => boolean) => Gate['holds'] =
    (mine) => (act) => {
      const { kind, roles, officer } = act.at.actor;
      if (kind !== 'person' || others.some((role) => roles.includes(role))) return true;
      return officer !== undefined && mine(officer, act);
    };
  if (acting) {
    return [
      {
        id: 'actor_not_acting',
        zh: '执法行为由参与的执法人员本人登记。',
        en: 'An act is entered by one of the officers who do it.',
        basis: '行政处罚法第42条、第52条、D01',
        field: 'officers',
        holds: holds((officer, act) => act.acting.includes(officer)),
      },
    ];
  }
  return [
    {
      id: 'not_investigator',
      zh: '只有本案办案人员可以进行。',
      en: 'Only an officer of this case may do this.',
      basis: '行政处罚法第42条、市场监督管理行政处罚程序规定第19条',
      holds: holds((officer, { state }) =>
        state.officers.length === 0 && state.filedOn === '' ? true : state.officers.includes(officer),
      ),
    },
  ];
}
