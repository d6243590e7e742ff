import type { NoticeProof } from '../transparency/notice-proofs';
import { verifyScript } from './assets';
import { Around } from './building-blocks';
import { useView } from './view';

interface PanelProps {
  /** Of the notice. */
  readonly id: string;
  readonly proofs: readonly NoticeProof[];
  /** In a copy for keeping the proofs are in the page itself. */
  readonly kept?: boolean;
}

/** The data block of a kept copy that holds its proofs. */
export const KEPT_PROOFS = 'proofs';

/**
 * 验证此记录: everything by which a reader checks a notice without believing us. Without a script it is links, a command and
 * an explanation; the script adds its button and the form for keys of one's own, which stay hidden until it runs.
 */
export function VerifyPanel({ id, proofs, kept }: PanelProps) {
  const { t, href } = useView();
  return (
    <section
      className="verify"
      id="verify"
      aria-labelledby="verify-title"
      data-notice={id}
      data-proofs={kept ? `#${KEPT_PROOFS}` : `/api/public-notices/${id}/proofs`}
      data-policy={kept ? undefined : '/log/policy'}
    >
      <h2 id="verify-title">{t('verify.title')}</h2>
      <p className="prose">{t('verify.lead')}</p>
      <p className="start">
        <button type="button" data-part="start" hidden>
          {t('verify.start')}
        </button>
        {!kept && <a href={href(`/notices/${id}/verifiable.html`)}>{t('verify.download')}</a>}
      </p>
      <p className="aside" data-part="script">
        {t('verify.script')}
      </p>
      <div data-part="verdict" role="status" />
      <div data-part="report" />
      <ProofFiles proofs={proofs} />
      <OwnKeys />
      <details>
        <summary>{t('verify.means')}</summary>
        <ul className="prose">
          <li>{t('verify.means.1')}</li>
          <li>{t('verify.means.2')}</li>
          <li>
            <Around text="verify.means.3">
              <a href={href('/log/')}>{t('verify.means.log')}</a>
            </Around>
          </li>
        </ul>
      </details>
      {!kept && <script type="module" src={verifyScript.path} />}
    </section>
  );
}

/** The same for a file that somebody brings: its proofs, and if it is a copy its page, against the keys of this log. */
export function FilePanel() {
  const { t } = useView();
  return (
    <section className="verify" id="file" aria-labelledby="file-title" data-proofs="file" data-policy="/log/policy">
      <h2 id="file-title">{t('verify.file')}</h2>
      <p className="prose">{t('verify.file.what')}</p>
      <div className="start" hidden>
        <div className="field">
          <label htmlFor="proof-file">{t('verify.file.label')}</label>
          <input id="proof-file" type="file" accept=".tlog-proof,.html,.htm,.txt" />
        </div>
        <button type="button" data-part="start">
          {t('verify.file.start')}
        </button>
      </div>
      <p className="aside" data-part="script">
        {t('verify.file.script')}
      </p>
      <div data-part="verdict" role="status" />
      <div data-part="report" />
      <OwnKeys />
      <script type="module" src={verifyScript.path} />
    </section>
  );
}

function ProofFiles({ proofs }: { proofs: readonly NoticeProof[] }) {
  const { t, say, base } = useView();
  return (
    <details>
      <summary>{t('verify.files')}</summary>
      <p>{t('verify.files.what')}</p>
      <pre>
        <code>mingjing verify --policy trust.policy *.tlog-proof</code>
      </pre>
      {proofs.length > 0 ? (
        <ul className="files">
          {proofs.map(({ position, title, href }) => (
            <li key={position}>
              <a href={base + href}>
                {say(title)} <small>({t('verify.files.entry', position)}, .tlog-proof)</small>
              </a>
            </li>
          ))}
          <li>
            <a href={`${base}/log/policy`}>{t('verify.files.policy')}</a>
          </li>
        </ul>
      ) : (
        <p>{t('verify.files.none')}</p>
      )}
    </details>
  );
}

function OwnKeys() {
  const { t } = useView();
  return (
    <details hidden>
      <summary>{t('verify.keys')}</summary>
      <form className="keys" data-part="keys">
        <p>{t('verify.keys.what')}</p>
        <label htmlFor="own-keys">{t('verify.keys.label')}</label>
        <textarea
          id="own-keys"
          rows={4}
          spellCheck={false}
          autoComplete="off"
          maxLength={100_000}
          aria-describedby="own-keys-hint"
        />
        <p className="hint" id="own-keys-hint">
          {t('verify.keys.hint')}
        </p>
        <button type="submit">{t('verify.keys.start')}</button>
      </form>
    </details>
  );
}
