import type { ReactNode } from 'react';
import type { ChannelRow, VersionRow } from '../../projections/public-notices/rows';
import { Chip, Day, Fields, Heading, Lines, None, Table, Zh, type Field } from './building-blocks';
import { HistoricalRecord } from './historical-record';
import { amount, kindName, type PublishedNotice, type WithdrawnNotice } from './shown-notice';
import { useView } from './view';

/** One notice with everything that is published of it. */
export function NoticePage({ notice }: { notice: PublishedNotice }) {
  const { t } = useView();
  return (
    <article className="notice">
      <Heading title={<Zh>{notice.text.partyPublicName}</Zh>}>
        <p className="kicker">
          {t('notice.title', t(`category.${notice.category}`))}
          {notice.historical ? (
            <Chip kind="old">{t('status.historical')}</Chip>
          ) : (
            <Chip kind="good">{t('status.published')}</Chip>
          )}
          {notice.superseded.length > 0 && <Chip kind="note">{t('status.corrected')}</Chip>}
        </p>
      </Heading>
      <section aria-labelledby="decision">
        <h2 id="decision">{t('notice.decision')}</h2>
        <Decision notice={notice} />
        {notice.partyKind !== 'organisation' && <p className="aside">{t('notice.masked')}</p>}
      </section>
      {notice.historical && <HistoricalRecord historical={notice.historical} recordedAt={notice.recordedAt} />}
      {notice.channels.length > 0 && <Channels channels={notice.channels} />}
      {notice.superseded.length > 0 && <Versions now={notice.text} before={notice.superseded} />}
      <Next bodyName={notice.bodyName} id={notice.id} />
    </article>
  );
}

function Decision({ notice }: { notice: PublishedNotice }) {
  const { t } = useView();
  const { text, fineYuan, confiscatedYuan, partyUscc } = notice;
  const zh = (value: string | undefined): ReactNode => value && <Zh>{value}</Zh>;
  return (
    <Fields
      wide
      of={[
        [t('notice.document'), zh(notice.documentNumber)],
        [
          t('notice.party'),
          <>
            <Zh>{text.partyPublicName}</Zh> <small>({t(`notice.party.${notice.partyKind}`)})</small>
          </>,
        ],
        [t('notice.uscc'), partyUscc && <code>{partyUscc}</code>],
        ...wording(t, notice.category === 'penalty', text),
        [t('notice.fine'), fineYuan !== undefined && t('notice.amount', amount(fineYuan))],
        [t('notice.confiscated'), confiscatedYuan !== undefined && t('notice.amount', amount(confiscatedYuan))],
        [t('notice.licence'), zh(notice.licence)],
        [t('notice.body'), <BodyName key="body" id={notice.bodyId} name={notice.bodyName} />],
        [t('notice.decided'), <Day key="decided" on={notice.decidedOn} />],
        [t('notice.published'), notice.publishedOn && <Day on={notice.publishedOn} />],
        [t('notice.lag'), notice.lagDays !== undefined && t('notice.days', notice.lagDays)],
        [t('notice.remarks'), zh(text.remarks)],
        [t('notice.id'), <code key="id">{notice.id}</code>],
      ]}
    />
  );
}

/** The worded part of a notice, which a correction may change. What repeats the act in other words is shown once. */
function wording(t: ReturnType<typeof useView>['t'], penalty: boolean, text: Partial<VersionRow>): Field[] {
  const zh = (value: string | undefined): ReactNode => value && <Zh>{value}</Zh>;
  return [
    [t(penalty ? 'notice.violation' : 'notice.subject'), zh(text.violation)],
    [t('notice.facts'), text.facts !== text.violation && zh(text.facts)],
    [t('notice.basis'), zh(text.basis)],
    [t('notice.kinds'), text.penaltyKinds && text.penaltyKinds.length > 0 && <Kinds of={text.penaltyKinds} />],
    [t('notice.content'), zh(text.content)],
  ];
}

function Kinds({ of }: { of: readonly string[] }) {
  const { say, lang } = useView();
  return <>{of.map((kind) => say(kindName(kind))).join(lang === 'zh' ? '、' : ', ')}</>;
}

function BodyName({ id, name }: { id: string; name: string }) {
  const { href } = useView();
  return id ? (
    <a href={href(`/bodies/${id}`)}>
      <Zh>{name}</Zh>
    </a>
  ) : (
    <Zh>{name}</Zh>
  );
}

function Channels({ channels }: { channels: readonly ChannelRow[] }) {
  const { t } = useView();
  return (
    <section aria-labelledby="channels">
      <h2 id="channels">{t('notice.channels')}</h2>
      <Table
        caption={t('notice.channels')}
        rows={channels}
        keyOf={({ channel }) => channel}
        columns={[
          {
            title: t('notice.channel'),
            cell: ({ channel, url }) =>
              url && /^https?:/.test(url) ? (
                <a href={url} rel="nofollow">
                  {t(`channel.${channel}`)}
                </a>
              ) : (
                t(`channel.${channel}`)
              ),
          },
          { title: t('notice.channel.due'), cell: ({ dueOn }) => <Day on={dueOn} /> },
          { title: t('notice.channel.published'), cell: ({ publishedOn }) => <Day on={publishedOn} /> },
          { title: t('notice.channel.until'), cell: ({ publicUntil }) => <Day on={publicUntil} /> },
          { title: t('notice.channel.state'), cell: (channel) => <ChannelState of={channel} /> },
          { title: t('notice.channel.basis'), cell: ({ basis }) => <Zh>{basis}</Zh> },
        ]}
      />
    </section>
  );
}

function ChannelState({ of }: { of: ChannelRow }) {
  const { t } = useView();
  if (!of.required && !of.publishedOn) return <Chip kind="plain">{t('channel.state.exempt')}</Chip>;
  if (of.expiredOn) return <Chip kind="plain">{t('channel.state.expired', of.expiredOn)}</Chip>;
  if (of.daysLate) return <Chip kind="warn">{t('channel.state.late', of.daysLate)}</Chip>;
  if (of.publishedOn) return <Chip kind="good">{t('channel.state.on_time')}</Chip>;
  return of.missed ? (
    <Chip kind="warn">{t('channel.state.missed')}</Chip>
  ) : (
    <Chip kind="plain">{t('channel.state.waiting')}</Chip>
  );
}

function Versions({ now, before }: { now: VersionRow; before: readonly VersionRow[] }) {
  const { t } = useView();
  return (
    <section aria-labelledby="versions">
      <h2 id="versions">{t('notice.versions')}</h2>
      <ol className="versions">
        {[now, ...before].map((version, i) => (
          <li key={version.version}>
            <h3>
              {t('notice.version', version.version)} {i === 0 && t('notice.version.now')}
            </h3>
            <p>
              {version.since ? t('notice.version.since', version.since) : t('notice.version.first')}
              {version.reason && (
                <>
                  {' · '}
                  {t('notice.version.reason')}: <Zh>{version.reason}</Zh>
                </>
              )}
            </p>
            {version.hidden && <p>{t('notice.version.hidden')}</p>}
            {i > 0 && !version.hidden && (
              <details>
                <summary>{t('notice.version.old')}</summary>
                <Fields
                  wide
                  of={[
                    [t('notice.party'), <Zh key="party">{version.partyPublicName}</Zh>],
                    ...wording(t, true, version),
                    [t('notice.remarks'), version.remarks && <Zh>{version.remarks}</Zh>],
                  ]}
                />
              </details>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}

function Next({ bodyName, id }: { bodyName: string; id: string }) {
  const { t, href, origin } = useView();
  return (
    <section className="next" aria-labelledby="next">
      <h2 id="next">{t('notice.next')}</h2>
      <ul>
        <li>
          <a href={href('/about#remedies')}>{t('notice.next.remedy')}</a>
        </li>
        <li>
          <a href={href('/complaints/new')}>{t('notice.next.complain')}</a>
        </li>
        <li>
          <a href={href('/notices', { body: bodyName })}>{t('notice.next.more')}</a>
        </li>
        <li>
          <a href={`/api/public-notices/${id}`}>{t('notice.next.json')}</a>
        </li>
      </ul>
      <p className="permanent">
        {t('site.address')}: <code>{`${origin}/notices/${id}`}</code>
      </p>
    </section>
  );
}

/** What is left of a withdrawn notice: that it was, and why it is gone (行政处罚法 48 II). */
export function WithdrawnPage({ notice }: { notice: WithdrawnNotice }) {
  const { t } = useView();
  const { withdrawal } = notice;
  return (
    <article className="notice">
      <Heading title={t('notice.withdrawn')} lead={t('notice.withdrawn.what')}>
        <p className="kicker">
          <Chip kind="warn">{t('status.withdrawn')}</Chip>
        </p>
      </Heading>
      <Fields
        wide
        of={[
          [t('notice.document'), <Zh key="document">{notice.documentNumber}</Zh>],
          [t('notice.body'), <BodyName key="body" id={notice.bodyId} name={notice.bodyName} />],
          [t('notice.decided'), <Day key="decided" on={notice.decidedOn} />],
          [t('notice.withdrawn.on'), withdrawal?.withdrawnOn ? <Day on={withdrawal.withdrawnOn} /> : <None />],
          [t('notice.withdrawn.due'), withdrawal?.dueOn && <Day on={withdrawal.dueOn} />],
          [t('notice.withdrawn.cause'), withdrawal && <Cause of={withdrawal.cause} />],
          [t('notice.withdrawn.reason'), withdrawal?.reason && <Zh>{withdrawal.reason}</Zh>],
          [t('notice.id'), <code key="id">{notice.id}</code>],
        ]}
      />
      <Next bodyName={notice.bodyName} id={notice.id} />
    </article>
  );
}

const CAUSES = ['changed', 'revoked', 'unlawful', 'void', 'never_publishable', 'early_stop'] as const;

function Cause({ of }: { of: string }) {
  const { t } = useView();
  const known = CAUSES.find((cause) => cause === of);
  return <>{known ? t(`cause.${known}`) : of}</>;
}

/** What stands at the address of a notice whose period has ended. */
export function ExpiredPage({ id }: { id: string }) {
  const { t, href } = useView();
  return (
    <>
      <Heading title={t('notice.expired')} lead={<Lines of={[t('notice.expired.what', id)]} />} />
      <p>
        <a href={href('/notices')}>{t('search.none.all')}</a>
      </p>
    </>
  );
}
