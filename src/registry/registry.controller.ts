import {
  inForceOn,
  type BenchmarkRow,
  type BodyRow,
  type OfficerRow,
  type PowerRow,
} from '../../projections/registers/rows';
import { resourceController, type Resource } from '../api/resource.controller';

/** Enforcement bodies with what is public of them; one that is registered but not announced is not public yet (A02). */
export const bodiesResource: Resource = {
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
  only: () => ({ public: 1 }),
  visible: (row: BodyRow) => row.status !== 'registered',
  orderBy: { column: 'name', direction: 'asc' },
};

export const BodiesController = resourceController(bodiesResource);

/** The six published fields of an officer (A06) and no more, besides the record's revision; while the credential is valid. */
export const officersResource: Resource = {
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
  only: (today) => ({ status: 'credentialled', until: { from: today } }),
  visible: (row: OfficerRow, today) => row.status === 'credentialled' && (row.validUntil ?? '') >= today,
  present: ({ id, name, bodyId, bodyName, post, credentialNumber, category, area, revision }: OfficerRow) => ({
    ...{ id, name, bodyId, bodyName, post, credentialNumber, category, area, revision },
  }),
};

export const OfficersController = resourceController(officersResource);

/** The power catalogue (B03). */
export const powersResource: Resource = {
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
};

export const PowersController = resourceController(powersResource);

/** Discretion benchmarks with their five published items (F02). */
export const benchmarksResource: Resource = {
  path: 'benchmarks',
  projection: 'registers',
  table: 'benchmark',
  zh: '裁量基准',
  en: 'Discretion benchmarks',
  readers: 'public',
  filters: { power: { column: 'power', is: 'value', zh: '权力编码', en: 'power code' } },
  orderBy: { column: 'power', direction: 'asc' },
  present: (row: BenchmarkRow, today) => inForceOn(row, today),
};

export const BenchmarksController = resourceController(benchmarksResource);
