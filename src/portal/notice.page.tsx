import type { ChannelRow, VersionRow } from '../../projections/public-notices/rows';
import type { NoticeProof } from '../transparency/notice-proofs';
import { Around, Chip, Fields, Heading, Lines, None, Table, Zh, type Field } from './building-blocks';
import { HistoricalRecord } from './historical-record';
import { Proven, ShownFields, useField, useHas, type FieldOf } from './proven';
import type { PublishedNotice, WithdrawnNotice } from './shown-notice';
import { VerifyPanel } from './verify-panel';
import { channelState, shownFields } from './verifier/shown-fields';
import { useView } from './view';

/** What a notice's page has besides the notice: its proofs, and whether it is a copy for keeping. */
export interface NoticeProps<T> {
  readonly notice: T;
  readonly proofs: readonly NoticeProof[];
  readonly kept?: boolean;
}

/** One notice with everything that is published of it. */
export function NoticePage({ notice, proofs, kept }: NoticeProps<PublishedNotice>) {
  const { t } = useView();
  return (
    <ShownFields value={shownFields(notice)}>
      <article className="notice">
        <Heading title={<Proven of="partyPublicName" />}>
          <p className="kicker">
            <span>
              <Around text="notice.title">
                <Proven of="category" />
              </Around>
            </span>
            {notice.historical ? (
              <Chip kind="old">{t('status.historical')}</Chip>
            ) : (
              <Chip kind="good">{t('status.published')}</Chip>
            )}
            {notice.superseded.length > 0 && <Chip kind="note">{t('status.corrected')}</Chip>}
            <a className="to-verify" href="#verify">
              {t('verify.link')}
            </a>
          </p>
        </Heading>
        <section aria-labelledby="decision">
          <h2 id="decision">{t('notice.decision')}</h2>
          <Decision notice={notice} />
          {notice.partyKind !== 'organisation' && <p className="aside">{t('notice.masked')}</p>}
        </section>
        {notice.historical && <HistoricalRecord historical={notice.historical} />}
        {notice.channels.length > 0 && <Channels channels={notice.channels} />}
        {notice.superseded.length > 0 && <Versions now={notice.text} before={notice.superseded} />}
        <VerifyPanel id={notice.id} proofs={proofs} kept={kept} />
        <Next bodyName={notice.bodyName} id={notice.id} />
      </article>
    </ShownFields>
  );
}

function Decision({ notice }: { notice: PublishedNotice }) {
  const { t } = useView();
  const field = useField();
  return (
    <Fields
      wide
      of={[
        [t('notice.document'), field('documentNumber')],
        [
          t('notice.party'),
          <>
            <Proven of="partyPublicName" />{' '}
            <small>
              (<Proven of="partyKind" />)
            </small>
          </>,
        ],
        [t('notice.uscc'), field('partyUscc', true)],
        ...wording(t, notice.category === 'penalty', field),
        [t('notice.fine'), field('fineYuan')],
        [t('notice.confiscated'), field('confiscatedYuan')],
        [t('notice.licence'), field('licence')],
        [t('notice.body'), field('bodyName') ?? <BodyName id={notice.bodyId} name={notice.bodyName} />],
        [t('notice.decided'), field('decidedOn')],
        [t('notice.published'), field('publishedOn')],
        [t('notice.lag'), field('lagDays')],
        [t('notice.remarks'), field('remarks')],
        [t('notice.id'), field('id', true)],
      ]}
    />
  );
}

/** The worded part of a notice, which a correction may change. */
function wording(t: ReturnType<typeof useView>['t'], penalty: boolean, field: FieldOf, version = ''): Field[] {
  return [
    [t(penalty ? 'notice.violation' : 'notice.subject'), field(`${version}violation`)],
    [t('notice.facts'), field(`${version}facts`)],
    [t('notice.basis'), field(`${version}basis`)],
    [t('notice.kinds'), field(`${version}penaltyKinds`)],
    [t('notice.content'), field(`${version}content`)],
  ];
}

/** The record holds the body's number; its name is the register's. */
function BodyName({ id, name }: { id: string; name: string }) {
  const { href } = useView();
  return id ? (
    <a href={href(`/bodies/${id}`)} data-proves-link="bodyId">
      <Zh>{name}</Zh>
    </a>
  ) : (
    <Zh>{name}</Zh>
  );
}

function Channels({ channels }: { channels: readonly ChannelRow[] }) {
  const { t, say } = useView();
  const field = useField();
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
          { title: t('notice.channel.due'), cell: (row) => <OnChannel of={row} field="dueOn" /> },
          { title: t('notice.channel.published'), cell: (row) => <OnChannel of={row} field="publishedOn" /> },
          { title: t('notice.channel.until'), cell: (row) => <OnChannel of={row} field="publicUntil" /> },
          {
            title: t('notice.channel.state'),
            cell: (row) => (
              <Chip kind={channelState(row).kind}>
                {field(`channels.${row.channel}.state`) ?? say(channelState(row).text)}
              </Chip>
            ),
          },
          { title: t('notice.channel.basis'), cell: (row) => <OnChannel of={row} field="basis" /> },
        ]}
      />
    </section>
  );
}

function OnChannel({ of: { channel }, field }: { of: ChannelRow; field: string }) {
  const mark = `channels.${channel}.${field}`;
  return useHas()(mark) ? <Proven of={mark} /> : <None />;
}

function Versions({ now, before }: { now: VersionRow; before: readonly VersionRow[] }) {
  const { t } = useView();
  const field = useField();
  return (
    <section aria-labelledby="versions">
      <h2 id="versions">{t('notice.versions')}</h2>
      <ol className="versions">
        {[now, ...before].map((version, i) => (
          <li key={version.version}>
            <h3>
              {t('notice.version', version.version)} {i === 0 && t('notice.version.now')}
            </h3>
            <p>{version.since ? <Correction version={version} /> : t('notice.version.first')}</p>
            {version.hidden && <p>{t('notice.version.hidden')}</p>}
            {i > 0 && !version.hidden && (
              <details>
                <summary>{t('notice.version.old')}</summary>
                <Fields
                  wide
                  of={[
                    [t('notice.party'), field(`versions.${version.version}.partyPublicName`)],
                    ...wording(t, true, field, `versions.${version.version}.`),
                    [t('notice.remarks'), field(`versions.${version.version}.remarks`)],
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

/** When and why a version came to be. Of one that is hidden, nothing of it is marked: the proofs do not disclose it either. */
function Correction({ version: { version, since = '', reason, hidden } }: { version: VersionRow }) {
  const { t } = useView();
  return (
    <>
      <Around text="notice.version.since">{hidden ? since : <Proven of={`versions.${version}.since`} />}</Around>
      {reason && (
        <>
          {' · '}
          {t('notice.version.reason')}: {hidden ? <Zh>{reason}</Zh> : <Proven of={`versions.${version}.reason`} />}
        </>
      )}
    </>
  );
}

function Next({ bodyName, id }: { bodyName: string; id: string }) {
  const { t, href, origin, base } = useView();
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
          <a href={`${base}/api/public-notices/${id}`}>{t('notice.next.json')}</a>
        </li>
      </ul>
      <p className="permanent">
        {t('site.address')}: <code>{`${origin}/notices/${id}`}</code>
      </p>
    </section>
  );
}

/** What is left of a withdrawn notice: that it was, and why it is gone (行政处罚法 48 II). */
export function WithdrawnPage({ notice, proofs, kept }: NoticeProps<WithdrawnNotice>) {
  const { t } = useView();
  return (
    <ShownFields value={shownFields(notice)}>
      <article className="notice">
        <Heading title={t('notice.withdrawn')} lead={t('notice.withdrawn.what')}>
          <p className="kicker">
            <Chip kind="warn">{t('status.withdrawn')}</Chip>
          </p>
        </Heading>
        <Withdrawal notice={notice} />
        <VerifyPanel id={notice.id} proofs={proofs} kept={kept} />
        <Next bodyName={notice.bodyName} id={notice.id} />
      </article>
    </ShownFields>
  );
}

function Withdrawal({ notice }: { notice: WithdrawnNotice }) {
  const { t } = useView();
  const field = useField();
  return (
    <Fields
      wide
      of={[
        [t('notice.document'), field('documentNumber')],
        [t('notice.body'), <BodyName key="body" id={notice.bodyId} name={notice.bodyName} />],
        [t('notice.decided'), field('decidedOn')],
        [t('notice.withdrawn.on'), field('withdrawal.withdrawnOn') ?? <None />],
        [t('notice.withdrawn.due'), field('withdrawal.dueOn')],
        [t('notice.withdrawn.cause'), field('withdrawal.cause')],
        [t('notice.withdrawn.reason'), field('withdrawal.reason')],
        [t('notice.id'), field('id', true)],
      ]}
    />
  );
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
