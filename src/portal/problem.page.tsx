import { KINDS, type Problem } from '../api/problem';
import { Heading } from './building-blocks';
import { useView, type View } from './view';

/** The heading in the page's language; the problem's own title is in the reader's. */
export function problemTitle({ say }: View, { status, title }: Problem): string {
  const kind = Object.values(KINDS).find((k) => k.status === status);
  return `${status} ${kind ? say(kind.title) : title}`;
}

/** An error in the portal's own dress, in both languages: whoever lost the way may have lost the language too. */
export function ProblemPage({ problem }: { problem: Problem }) {
  const view = useView();
  const { t, lang, href } = view;
  return (
    <>
      <Heading title={problemTitle(view, problem)} />
      <div className="nothing">
        <p lang={lang === 'zh' ? undefined : 'zh-CN'}>{problem.detail_zh}</p>
        <p lang={lang === 'en' ? undefined : 'en'}>{problem.detail_en}</p>
        {problem.basis && (
          <p>
            {t('problem.basis')}: {problem.basis}
          </p>
        )}
        <p>
          {t('problem.try')} <a href={href('/notices')}>{t('problem.search')}</a> ·{' '}
          <a href={href('/')}>{t('problem.home')}</a>
        </p>
      </div>
      <p className="by">
        {t('problem.code')} <code>{problem.code}</code> · {t('problem.instance')} <code>{problem.instance}</code>
      </p>
    </>
  );
}
