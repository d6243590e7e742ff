import { Chip, Fields, Heading, Table } from './building-blocks';
import type { MessageKey } from './messages';
import type { ShownLog } from './published-log';
import type { KeyFingerprint } from './verifier/fingerprint';
import { inChina } from './verifier/shown-fields';
import { FilePanel } from './verify-panel';
import { useView } from './view';

/** A key with whose it is, as a reader compares it with what is published elsewhere. */
export interface ShownKey extends KeyFingerprint {
  readonly role: 'log' | 'earlier' | 'witness';
  readonly line: string;
  /** Of a witness: when it cosigned the newest checkpoint, Unix seconds. */
  readonly cosignedAt?: number;
}

/** 透明日志: what the log is, how it stands, whose keys it has, and how anyone checks it. */
export function LogPage({ log, keys }: { log: ShownLog; keys: readonly ShownKey[] }) {
  const { t } = useView();
  return (
    <>
      <Heading title={t('log.title')} lead={t('log.lead')} />
      <Alarm log={log} />
      <section aria-labelledby="what" className="prose">
        <h2 id="what">{t('log.what')}</h2>
        <ol>
          {(['log.what.1', 'log.what.2', 'log.what.3', 'log.what.4'] as const).map((key) => (
            <li key={key}>{t(key)}</li>
          ))}
        </ol>
      </section>
      <Newest log={log} />
      <Keys log={log} keys={keys} />
      <Checking />
      <FilePanel />
    </>
  );
}

function Alarm({ log: { condition, checkpoint } }: { log: ShownLog }) {
  const { t } = useView();
  if (condition.state === 'frozen') {
    return (
      <div className="faults" role="alert">
        <h2>{t('log.frozen')}</h2>
        <p>{t('log.frozen.what', condition.behind, Math.round(condition.ageMs / 1000))}</p>
        <p>{t(reasonOf(condition), condition.witnessTroubles.map(({ witness }) => witness).join(', '))}</p>
      </div>
    );
  }
  if (checkpoint && condition.state === 'live') return null;
  return <p className="nothing">{t(checkpoint ? 'log.off' : 'log.none')}</p>;
}

/** Why the log stands still, as far as a reader is concerned: what exactly failed is the operator's to know. */
function reasonOf({ trouble, witnessTroubles }: ShownLog['condition']): MessageKey {
  if (trouble?.code === 'log.witness_conflict') return 'log.frozen.conflict';
  if (trouble?.code === 'log.quorum_not_met' && witnessTroubles.length > 0) return 'log.frozen.witnesses';
  return 'log.frozen.other';
}

const CHIPS = { live: 'good', frozen: 'warn', off: 'plain' } as const;

function Newest({ log: { condition, checkpoint, cosigners } }: { log: ShownLog }) {
  const { t } = useView();
  if (!checkpoint) return null;
  const times = cosigners.map(({ name, time }) => `${name}: ${atSecond(time)}`);
  return (
    <section aria-labelledby="newest">
      <h2 id="newest">{t('log.newest')}</h2>
      <Fields
        wide
        of={[
          [
            t('log.state'),
            <Chip key="state" kind={CHIPS[condition.state]}>
              {t(`log.state.${condition.state}`)}
            </Chip>,
          ],
          [t('verify.checkpoint.origin'), <code key="origin">{checkpoint.origin}</code>],
          [t('verify.checkpoint.size'), t('verify.checkpoint.entries', checkpoint.size.toLocaleString('en-US'))],
          [
            t('verify.checkpoint.root'),
            <code key="root" className="long">
              {Buffer.from(checkpoint.root).toString('base64')}
            </code>,
          ],
          [t('log.published'), condition.publishedAt && inChina(condition.publishedAt)],
          [t('verify.checkpoint.witnessed'), times.join('\n') || t('verify.checkpoint.unwitnessed')],
          [t('log.behind'), condition.behind > 0 && t('verify.checkpoint.entries', condition.behind)],
        ]}
      />
      <p>
        {t('log.raw')}
        <a href="/log/checkpoint">{t('log.raw.checkpoint')}</a> · <a href="/log/vkey">{t('log.raw.vkey')}</a> ·{' '}
        <a href="/log/policy">{t('log.raw.policy')}</a>
      </p>
    </section>
  );
}

function Keys({ log: { policy }, keys }: { log: ShownLog; keys: readonly ShownKey[] }) {
  const { t } = useView();
  if (keys.length === 0) return null;
  return (
    <section aria-labelledby="keys">
      <h2 id="keys">{t('log.keys')}</h2>
      <p className="prose">{t('log.keys.what')}</p>
      <Table
        caption={t('log.keys')}
        rows={keys}
        keyOf={({ line }) => line}
        columns={[
          { title: t('log.key.role'), cell: ({ role }) => <span className="whole">{t(`log.key.role.${role}`)}</span> },
          { title: t('log.key.name'), cell: ({ name }) => <code>{name}</code> },
          { title: t('log.key.id'), cell: ({ id }) => <code className="whole">{id}</code> },
          { title: t('log.key.fingerprint'), cell: ({ sha256 }) => <code>{sha256}</code> },
          { title: t('log.key.cosigned'), cell: (key) => <Cosigned by={key} /> },
        ]}
      />
      {policy &&
        (policy.witnesses.length === 0 || policy.quorum === 'none' ? (
          <p className="aside">{t('log.quorum.none')}</p>
        ) : (
          <p className="aside">{t('log.quorum', policy.quorum, policy.witnesses.length)}</p>
        ))}
      <pre>
        <code>{keys.map(({ line }) => line).join('\n')}</code>
      </pre>
    </section>
  );
}

function Cosigned({ by: { role, cosignedAt } }: { by: ShownKey }) {
  const { t } = useView();
  if (role !== 'witness') return <span className="none">—</span>;
  return <>{cosignedAt === undefined ? t('log.key.not_cosigned') : atSecond(cosignedAt)}</>;
}

const WAYS: ReadonlyArray<readonly [title: MessageKey, what: MessageKey, command?: (origin: string) => string]> = [
  ['log.check.notice', 'log.check.notice.what'],
  ['log.check.verify', 'log.check.verify.what', () => 'mingjing verify --policy trust.policy FILE.tlog-proof'],
  [
    'log.check.monitor',
    'log.check.monitor.what',
    (origin) => `mingjing monitor ${origin}/log --policy trust.policy --data monitor`,
  ],
  [
    'log.check.witness',
    'log.check.witness.what',
    () => 'mingjing witness --name witness.example.edu.cn/mingjing --data witness --logs trust.policy',
  ],
];

function Checking() {
  const { t, origin, href } = useView();
  return (
    <section aria-labelledby="check">
      <h2 id="check">{t('log.check')}</h2>
      <ol className="ways">
        {WAYS.map(([title, what, command]) => (
          <li key={title}>
            <h3>{title === 'log.check.notice' ? <a href={href('/notices')}>{t(title)}</a> : t(title)}</h3>
            <p>{t(what)}</p>
            {command && (
              <pre>
                <code>{`curl -fsS ${origin}/log/policy -o trust.policy\n${command(origin)}`}</code>
              </pre>
            )}
          </li>
        ))}
      </ol>
      <p className="aside">{t('log.check.formats')}</p>
    </section>
  );
}

const atSecond = (unixSeconds: number): string => inChina(new Date(unixSeconds * 1000).toISOString());
