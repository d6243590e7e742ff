import type { BodyRow } from '../../projections/registers/rows';
import { MISCONDUCT, TOPICS } from '../oversight/complaint-lists';
import { parameter } from '../law/parameters';
import { Day, Fields, Heading, KeepLanguage, Select, Zh } from './building-blocks';
import { figureOf } from './law.page';
import type { MessageKey } from './messages';
import { useView, type View } from './view';

/** What somebody has filled in, so that nothing is lost when it has to be corrected. */
export interface ComplaintForm {
  readonly receipt: string;
  readonly bodyId?: string;
  readonly topic?: string;
  readonly misconduct: readonly string[];
  readonly anonymous: boolean;
  readonly text?: string;
  readonly name?: string;
  readonly contact?: string;
}

/** What was wrong, by field; an empty field name is about the whole. */
export interface FormFault {
  readonly field: string;
  readonly says: string;
}

const LABELS: Readonly<Record<string, MessageKey>> = {
  bodyId: 'complaint.body',
  topic: 'complaint.topic',
  text: 'complaint.text',
  name: 'complaint.name',
  contact: 'complaint.contact',
  id: 'rating.id',
  code: 'rating.code',
  stars: 'rating.stars',
};

/** The faults first, each leading to its field. */
export function Faults({ of }: { of: readonly FormFault[] }) {
  const { t } = useView();
  if (of.length === 0) return null;
  return (
    <div className="faults" role="alert">
      <p>{t('complaint.errors')}</p>
      <ul>
        {of.map(({ field, says }) => (
          <li key={field + says}>
            {LABELS[field] ? (
              <a href={`#${field}`}>
                {t(LABELS[field])}: {says}
              </a>
            ) : (
              says
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

const LONGEST_TEXT = 5000;

export function ComplaintPage(props: {
  form: ComplaintForm;
  bodies: readonly BodyRow[];
  faults: readonly FormFault[];
}) {
  const { form, bodies, faults } = props;
  const { t, say } = useView();
  const invalid = (field: string) => faults.find((f) => f.field === field)?.says;
  return (
    <>
      <Heading title={t('complaint.title')} lead={t('complaint.lead')} />
      <Faults of={faults} />
      <form className="long" action="/complaints/new" method="post">
        <KeepLanguage />
        <input type="hidden" name="receipt" value={form.receipt} />
        <Select
          name="bodyId"
          label={t('complaint.body')}
          any={t('complaint.body.choose')}
          selected={form.bodyId}
          options={bodies.map(({ id, name }) => ({ value: id, label: name }))}
          invalid={invalid('bodyId')}
          required
        />
        <Select
          name="topic"
          label={t('complaint.topic')}
          any={t('complaint.topic.choose')}
          selected={form.topic}
          options={TOPICS.map((topic) => ({ value: topic.code, label: say(topic) }))}
          invalid={invalid('topic')}
          required
        />
        <fieldset>
          <legend>{t('complaint.misconduct')}</legend>
          <div className="choices">
            {MISCONDUCT.map((each) => (
              <label key={each.code}>
                <input
                  type="checkbox"
                  name="misconduct"
                  value={each.code}
                  defaultChecked={form.misconduct.includes(each.code)}
                />{' '}
                {say(each)}
              </label>
            ))}
          </div>
        </fieldset>
        <div className="field">
          <label htmlFor="text">{t('complaint.text')}</label>
          <p className="hint" id="text-hint">
            {t('complaint.text.hint')}
          </p>
          <textarea
            id="text"
            name="text"
            rows={9}
            maxLength={LONGEST_TEXT}
            required
            defaultValue={form.text}
            aria-describedby="text-hint"
            aria-invalid={invalid('text') ? true : undefined}
          />
        </div>
        <fieldset>
          <legend>{t('complaint.who')}</legend>
          <div className="choices">
            <label>
              <input type="radio" name="anonymous" value="yes" defaultChecked={form.anonymous} />{' '}
              {t('complaint.anonymous')}
            </label>
            <label>
              <input type="radio" name="anonymous" value="no" defaultChecked={!form.anonymous} /> {t('complaint.named')}
            </label>
          </div>
          <TextField name="name" label={t('complaint.name')} value={form.name} max={60} invalid={invalid('name')} />
          <TextField
            name="contact"
            label={t('complaint.contact')}
            hint={t('complaint.contact.hint')}
            value={form.contact}
            max={200}
            invalid={invalid('contact')}
          />
        </fieldset>
        <div className="submit">
          <button type="submit">{t('complaint.submit')}</button>
        </div>
      </form>
      <FollowForm />
    </>
  );
}

export function TextField(props: {
  name: string;
  label: string;
  hint?: string;
  value?: string;
  max: number;
  required?: boolean;
  invalid?: string;
}) {
  const { name, label, hint, value, max, required, invalid } = props;
  return (
    <div className="field">
      <label htmlFor={name}>{label}</label>
      {hint && (
        <p className="hint" id={`${name}-hint`}>
          {hint}
        </p>
      )}
      <input
        id={name}
        name={name}
        maxLength={max}
        defaultValue={value}
        required={required}
        autoComplete="off"
        aria-describedby={hint && `${name}-hint`}
        aria-invalid={invalid ? true : undefined}
      />
    </div>
  );
}

function FollowForm() {
  const { t } = useView();
  return (
    <section aria-labelledby="follow">
      <h2 id="follow">{t('complaint.follow')}</h2>
      <form className="search short" action="/complaints" method="get">
        <KeepLanguage />
        <div className="field grow">
          <label htmlFor="number">{t('complaint.number')}</label>
          <input id="number" name="number" maxLength={40} placeholder="T20260310-XXXX-XXXX-XXXX" />
        </div>
        <button type="submit">{t('complaint.follow.submit')}</button>
      </form>
    </section>
  );
}

export interface Receipt {
  readonly id: string;
  readonly topic: string;
  readonly bodyId: string;
  readonly status: 'lodged' | 'accepted' | 'refused' | 'transferred' | 'answered' | 'closed';
  readonly lodgedAt: string;
  readonly answeredOn?: string;
}

/** The legal times a complainant may rely on (市场监管投诉举报办法). */
const PROMISES = ['complaints.acceptance', 'complaints.answer'];

/** How far a complaint has come. */
export function ReceiptPage(props: { receipt: Receipt; lodgedOn: string; bodyName?: string; fresh: boolean }) {
  const { receipt, lodgedOn, bodyName, fresh } = props;
  const view = useView();
  const { t, say } = view;
  const topic = TOPICS.find(({ code }) => code === receipt.topic);
  return (
    <>
      <Heading title={t(fresh ? 'complaint.done' : 'complaint.follow')} lead={t('complaint.done.what')} />
      <p className="receipt">
        {t('complaint.number')} <strong>{receipt.id}</strong>
      </p>
      <Fields
        wide
        of={[
          [t('complaint.status'), t(`complaint.status.${receipt.status}`)],
          [t('complaint.body'), bodyName && <Zh>{bodyName}</Zh>],
          [t('complaint.topic'), topic && say(topic)],
          [t('complaint.lodged'), <Day key="lodged" on={lodgedOn} />],
          [t('complaint.answered'), receipt.answeredOn && <Day on={receipt.answeredOn} />],
        ]}
      />
      <h2>{t('complaint.promise')}</h2>
      <ul className="prose">
        {PROMISES.map((id) => (
          <LegalTime key={id} id={id} on={lodgedOn} view={view} />
        ))}
      </ul>
    </>
  );
}

function LegalTime({ id, on, view }: { id: string; on: string; view: View }) {
  const p = parameter(id, on);
  return (
    <li>
      {view.say(p)}: <strong>{figureOf(view.t, p)}</strong> <Zh>（{p.basis}）</Zh>
    </li>
  );
}
