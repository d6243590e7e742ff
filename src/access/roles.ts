import type { Bilingual } from '../kernel/errors';

/**
 * The roles an account can hold, by body. `system`, `import` and `anyone` are not among them: the first two are the program
 * itself, the third needs no account.
 */
export const ROLES: Readonly<Record<string, Bilingual>> = {
  officer: { zh: '执法人员', en: 'enforcement officer' },
  reviewer: { zh: '法制审核人员', en: 'legal reviewer' },
  head: { zh: '行政机关负责人', en: 'head of the body' },
  registrar: { zh: '主体人员管理', en: 'registrar of bodies and officers' },
  disclosure: { zh: '公示管理', en: 'disclosure manager' },
  supervisor: { zh: '执法监督', en: 'enforcement supervisor' },
  investigator: { zh: '责任追究调查', en: 'accountability investigator' },
  appraiser: { zh: '评议考核', en: 'appraiser' },
  privacy: { zh: '个人信息保护', en: 'personal information protection officer' },
  cashier: { zh: '缴款登记', en: 'payments clerk of the collecting bank' },
  admin: { zh: '系统管理', en: 'administrator' },
};

/** Whoever holds one of these decides in the name of an officer, and is known as that officer wherever someone answers for it. */
export const OFFICER_ROLES: readonly string[] = ['officer', 'reviewer', 'head'];

export const ROLE_NAMES = Object.keys(ROLES);
