import { Faults, TextField, type FormFault } from './complaint.page';
import { Heading, KeepLanguage } from './building-blocks';
import { useView } from './view';

export interface RatingForm {
  readonly id?: string;
  readonly code?: string;
  readonly stars?: number;
  readonly text?: string;
}

const STARS = [5, 4, 3, 2, 1];

/** A party rates the service once, with the code that was handed out (I10). */
export function RatingPage({ form, faults, done }: { form: RatingForm; faults: readonly FormFault[]; done: boolean }) {
  const { t } = useView();
  if (done) return <Heading title={t('rating.title')} lead={<span role="status">{t('rating.done')}</span>} />;
  const invalid = (field: string) => faults.find((f) => f.field === field)?.says;
  return (
    <>
      <Heading title={t('rating.title')} lead={t('rating.lead')} />
      <Faults of={faults} />
      <form className="long" action="/ratings/new" method="post">
        <KeepLanguage />
        <TextField name="id" label={t('rating.id')} value={form.id} max={64} invalid={invalid('id')} required />
        <TextField name="code" label={t('rating.code')} value={form.code} max={40} invalid={invalid('code')} required />
        <fieldset id="stars">
          <legend>{t('rating.stars')}</legend>
          <div className="choices">
            {STARS.map((n) => (
              <label key={n}>
                <input type="radio" name="stars" value={n} defaultChecked={form.stars === n} required />{' '}
                <span className="stars" aria-hidden="true">
                  {'★'.repeat(n)}
                </span>{' '}
                {t('rating.stars.of', n)}
              </label>
            ))}
          </div>
        </fieldset>
        <div className="field">
          <label htmlFor="text">{t('rating.text')}</label>
          <textarea id="text" name="text" rows={5} maxLength={1000} defaultValue={form.text} />
        </div>
        <div className="submit">
          <button type="submit">{t('complaint.submit')}</button>
        </div>
      </form>
    </>
  );
}
