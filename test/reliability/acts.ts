/** A command on its way: where it goes, what it says, and the mark by which its event is found again in the ledger. */
export interface Act {
  readonly mark: string;
  readonly path: string;
  readonly body: object;
  /** The revision it expects; whatever the record has come to, when left out. */
  readonly onRevision?: number;
}

export const BODY = 'body-1';
/** The record that all clients write at once. */
const SHARED = 'shared';
const ACTS_OF_AN_OFFICER = 8;
const MARK = /验证#\d+-\d+#/g;

/** Every mark in a text; an act is in the ledger as often as its mark is. */
export const marksIn = (text: string): string[] => text.match(MARK) ?? [];

/**
 * What one client does, in order: it registers an officer (执法人员), records trainings, half of them on the revision it knows, lodges
 * complaints with a name and contact, each under a new key of the vault, and adds to records that others write as well.
 */
export class Clerk {
  private number = 0;
  private officer = '';
  private revision: number | undefined;

  constructor(private readonly client: number) {}

  next(): Act {
    const n = this.number++;
    const mark = `验证#${this.client}-${n}#`;
    const step = n % ACTS_OF_AN_OFFICER;
    if (step === 0) {
      this.officer = `o-${this.client}-${n}`;
      const fields = { name: mark, bodyId: BODY, post: '执法员', employment: 'civil_servant' };
      return { mark, path: `/api/officers/${this.officer}/register-officer`, body: fields };
    }
    if (step === 3 || step === 6) return complaint(mark, `c-${this.client}-${n}`);
    if (step === 5) return training(mark, SHARED);
    return { ...training(mark, this.officer), ...(step % 2 === 1 && { onRevision: this.revision }) };
  }

  /** The act was acknowledged, and its record is at this revision. */
  done(act: Act, revision: number): void {
    if (act.path.includes(`/${this.officer}/`)) this.revision = revision;
  }

  /** It is not known what became of the last act: the next one begins with another officer. */
  startAnew(): void {
    this.number = Math.ceil(this.number / ACTS_OF_AN_OFFICER) * ACTS_OF_AN_OFFICER;
  }
}

const training = (mark: string, officer: string): Act => ({
  mark,
  path: `/api/officers/${officer}/record-training`,
  body: { subject: mark, hours: 1 },
});

const complaint = (mark: string, id: string): Act => ({
  mark,
  path: `/api/complaints/${id}/lodge-complaint`,
  body: {
    ...{ topic: 'other', source: 'report', bodyId: BODY, anonymous: false },
    ...{ text: mark, name: '赵小明', contact: '13800138000' },
  },
});

/** What must be there before the first client begins. */
export const founding: ReadonlyArray<Omit<Act, 'mark'>> = [
  {
    path: `/api/bodies/${BODY}/register-body`,
    body: {
      ...{ name: '明镜市市场监督管理局', kind: 'statutory', region: '明镜市', uscc: '11230500001755309F' },
      ...{ legalRepresentative: '冯十', legalBasis: ['行政处罚法第17条'], officeAddress: '明镜市明光路1号' },
      ...{ supervisionPhone: '12345', supervisionEmail: 'jd@mingjing.example' },
    },
  },
  {
    path: `/api/officers/${SHARED}/register-officer`,
    body: { name: '共用', bodyId: BODY, post: '执法员', employment: 'civil_servant' },
  },
];
