import { resourceController, type Resource } from '../api/resource.controller';

/** Whose personal data were erased, by whom and on which ground; without any of the data. */
export const erasuresResource: Resource = {
  path: 'erasures',
  projection: 'erasures',
  table: 'erasure',
  zh: '个人信息删除记录',
  en: 'Erasures of personal data',
  readers: ['privacy', 'supervisor', 'admin'],
  filters: {
    kind: { column: 'kind', is: 'value', zh: '主体种类', en: 'kind of subject' },
    ground: { column: 'ground', is: 'value', zh: '事由', en: 'ground' },
    done: { column: 'done', is: 'value', zh: '密钥已销毁（0/1）', en: 'key destroyed, 0 or 1', numeric: true },
  },
  orderBy: { column: 'decided', direction: 'desc' },
};

export const ErasuresController = resourceController(erasuresResource);
