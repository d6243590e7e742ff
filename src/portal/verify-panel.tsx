import type { NoticeProof } from '../transparency/notice-proofs';
import { verifyScript } from './assets';
import { Around } from './building-blocks';
import { useView } from './view';

/** Where the panel's script finds what it verifies: on the server, or in the page itself. */
export interface ProofSource {
  /** An address, or `#<id>` of a data block. */
  readonly proofs: string;
  readonly policy?: string;
}

/**
 * 验证此记录: everything by which a reader checks a notice without believing us. Without a script it is links, a command and
 * an explanation; the script adds its button and the form for keys of one's own, which stay hidden until it runs.
 */
export function VerifyPanel(props: { id: string; proofs: readonly NoticeProof[]; copy?: boolean }) {
  const { t, href } = useView();
  const { id, copy } = props;
  const source: ProofSource = copy
    ? { proofs: '#proofs' }
    : { proofs: `/api/public-notices/${id}/proofs`, policy: '/log/policy' };
  return (
    <section
      className="verify"
      id="verify"
      aria-labelledby="verify-title"
      data-notice={id}
      data-proofs={source.proofs}
      data-policy={source.policy}
    >
      <h2 id="verify-title">{t('verify.title')}</h2>
      <p>{t('verify.lead')}</p>
      <p className="start">
        <button type="button" data-part="start" hidden>
          {t('verify.start')}
        </button>
        {!copy && <a href={href(`/notices/${id}/verifiable.html`)}>{t('verify.download')}</a>}
      </p>
      <p className="aside" data-part="script">
        {t('verify.script')}
      </p>
      <div data-part="result" role="status" />
      <ProofFiles {...props} />
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
      {!copy && <script type="module" src={verifyScript.path} />}
    </section>
  );
}

function ProofFiles({ proofs }: { proofs: readonly NoticeProof[] }) {
  const { t, say } = useView();
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
              <a href={href}>
                {say(title)} <small>({t('verify.files.entry', position)}, .tlog-proof)</small>
              </a>
            </li>
          ))}
          <li>
            <a href="/log/policy">{t('verify.files.policy')}</a>
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
