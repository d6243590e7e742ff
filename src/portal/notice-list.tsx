import { Chip, Zh } from './building-blocks';
import { kindName, type ListedNotice } from './shown-notice';
import { useView } from './view';

/** Notices one below the other: when (decided, unless another day is asked for), who, what for, by whom. */
export function NoticeList(props: {
  notices: readonly ListedNotice[];
  label: string;
  dayOf?: (notice: ListedNotice) => string | undefined;
}) {
  const { notices, label, dayOf } = props;
  return (
    <ol className="notices" aria-label={label}>
      {notices.map((notice) => (
        <Item key={notice.id} notice={notice} day={dayOf?.(notice) ?? notice.decidedOn} />
      ))}
    </ol>
  );
}

function Item({ notice, day }: { notice: ListedNotice; day: string }) {
  const { t, say, href } = useView();
  const withdrawn = notice.status === 'withdrawn';
  return (
    <li className={withdrawn ? 'gone' : undefined}>
      <time dateTime={day}>{day}</time>
      <div>
        <h3>
          <a href={href(`/notices/${notice.id}`)}>
            {withdrawn ? t('notice.withdrawn') : <Zh>{notice.text.partyPublicName}</Zh>}
          </a>
        </h3>
        {!withdrawn && notice.text.violation && (
          <p className="what">
            <Zh>{notice.text.violation}</Zh>
          </p>
        )}
        <p className="by">
          <Zh>{notice.documentNumber}</Zh>
          <span aria-hidden="true"> · </span>
          <Zh>{notice.bodyName}</Zh>
        </p>
      </div>
      <p className="chips">
        {withdrawn ? (
          <Chip kind="warn">{t('status.withdrawn')}</Chip>
        ) : (
          <>
            {notice.text.penaltyKinds.length > 0 ? (
              notice.text.penaltyKinds.map((kind) => (
                <Chip key={kind} kind="plain">
                  {say(kindName(kind))}
                </Chip>
              ))
            ) : (
              <Chip kind="plain">{t(`category.${notice.category}`)}</Chip>
            )}
            {notice.superseded.length > 0 && <Chip kind="note">{t('status.corrected')}</Chip>}
            {notice.historical && <Chip kind="old">{t('status.historical')}</Chip>}
          </>
        )}
      </p>
    </li>
  );
}
