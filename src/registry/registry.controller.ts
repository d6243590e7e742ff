import { inForceOn, type BenchmarkRow, type PowerRow } from '../../projections/registers/rows';
import { resourceController } from '../api/resource.controller';

/** Enforcement bodies with what is public of them (A02). */
export const BodiesController = resourceController({
  path: 'bodies',
  projection: 'registers',
  table: 'body',
  zh: '执法主体',
  en: 'Enforcement bodies',
  readers: 'public',
  filters: {
    status: { column: 'status', is: 'value', zh: '状态', en: 'status' },
    kind: { column: 'kind', is: 'value', zh: '主体类别', en: 'kind of body' },
  },
  search: true,
  orderBy: { column: 'name', direction: 'asc' },
});

/** The six published fields of an officer (A06), and no more. */
export const OfficersController = resourceController({
  path: 'officers',
  projection: 'registers',
  table: 'officer',
  zh: '执法人员清单',
  en: 'Enforcement officers',
  readers: 'public',
  filters: {
    body: { column: 'body', is: 'value', zh: '单位', en: 'body id' },
    credential: { column: 'credential', is: 'value', zh: '证件编号', en: 'credential number' },
  },
  search: true,
  orderBy: { column: 'credential', direction: 'asc' },
  only: { status: 'credentialled' },
  visible: (row: { status: string }) => row.status === 'credentialled',
  present: ({
    id,
    name,
    bodyId,
    bodyName,
    post,
    credentialNumber,
    category,
    area,
  }: Record<
    'id' | 'name' | 'bodyId' | 'bodyName' | 'post' | 'credentialNumber' | 'category' | 'area',
    string | undefined
  >) => ({ id, name, bodyId, bodyName, post, credentialNumber, category, area }),
});

/** The power catalogue (B03). */
export const PowersController = resourceController({
  path: 'powers',
  projection: 'registers',
  table: 'power',
  zh: '职权目录',
  en: 'Power catalogue',
  readers: 'public',
  filters: {
    body: { column: 'body', is: 'value', zh: '单位', en: 'body id' },
    class: { column: 'class', is: 'value', zh: '权力类别', en: 'class of power' },
    cancelled: { column: 'cancelled', is: 'value', zh: '是否取消（0/1）', en: 'cancelled, 0 or 1', numeric: true },
  },
  search: true,
  orderBy: { column: 'key', direction: 'asc' },
  present: (row: PowerRow, today) => inForceOn(row, today),
});

/** Discretion benchmarks with their five published items (F02). */
export const BenchmarksController = resourceController({
  path: 'benchmarks',
  projection: 'registers',
  table: 'benchmark',
  zh: '裁量基准',
  en: 'Discretion benchmarks',
  readers: 'public',
  filters: { power: { column: 'power', is: 'value', zh: '权力编码', en: 'power code' } },
  orderBy: { column: 'power', direction: 'asc' },
  present: (row: BenchmarkRow, today) => inForceOn(row, today),
});
