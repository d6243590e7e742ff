import { Fragment, type ReactNode } from 'react';
import type { MessageKey } from './messages';
import { useView } from './view';

/** Text of the record itself, which is Chinese whatever the language of the page. */
export function Zh({ children }: { children: ReactNode }) {
  return useView().lang === 'zh' ? <>{children}</> : <span lang="zh-CN">{children}</span>;
}

export const Day = ({ on }: { on: string | undefined }) => (on ? <time dateTime={on}>{on}</time> : <None />);

/** Nothing is recorded here. */
export const None = () => <span className="none">—</span>;

export type Field = readonly [label: string, value: ReactNode];

/** Labels and values; a field without a value is left out. */
export function Fields({ of, wide }: { of: readonly Field[]; wide?: boolean }) {
  const shown = of.filter(([, value]) => value !== undefined && value !== null && value !== '' && value !== false);
  return (
    <dl className={wide ? 'fields wide' : 'fields'}>
      {shown.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

export interface Column<T> {
  readonly title: string;
  readonly cell: (row: T) => ReactNode;
  readonly numeric?: boolean;
}

/** A table that folds into one block a row on a narrow screen and stays a table for those who listen to it. */
export function Table<T>(props: {
  caption: string;
  columns: ReadonlyArray<Column<T>>;
  rows: readonly T[];
  keyOf: (row: T) => string;
  showCaption?: boolean;
  /** Few short columns: it stays a table on a narrow screen too. */
  narrow?: boolean;
}) {
  const { caption, columns, rows, keyOf, showCaption, narrow } = props;
  return (
    <table role="table" className={narrow ? 'rows' : 'rows folding'}>
      <caption className={showCaption ? undefined : 'unseen'}>{caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map(({ title, numeric }) => (
            <th role="columnheader" scope="col" key={title} className={numeric ? 'number' : undefined}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <tr role="row" key={keyOf(row)}>
            {columns.map(({ title, cell, numeric }) => (
              <td role="cell" data-label={title} key={title} className={numeric ? 'number' : undefined}>
                {cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Links to the page before and after. */
export function Pager({ previous, next }: { previous?: string; next?: string }) {
  const { t } = useView();
  if (!previous && !next) return null;
  return (
    <nav className="pager" aria-label={t('page.turn')}>
      {previous && (
        <a rel="prev" href={previous}>
          ← {t('page.previous')}
        </a>
      )}
      {next && (
        <a rel="next" href={next}>
          {t('page.next')} →
        </a>
      )}
    </nav>
  );
}

export const Chip = ({ kind, children }: { kind: string; children: ReactNode }) => (
  <span className={`chip ${kind}`}>{children}</span>
);

/** The language of the page travels in the form, as it does in every link. */
export const KeepLanguage = () => (useView().lang === 'en' ? <input type="hidden" name="lang" value="en" /> : null);

export function Heading({ title, lead, children }: { title: ReactNode; lead?: ReactNode; children?: ReactNode }) {
  return (
    <div className="heading">
      <h1>{title}</h1>
      {children}
      {lead && <p className="lead">{lead}</p>}
    </div>
  );
}

/** A short search form above a list. */
export function ListSearch(props: { action: string; label: string; q?: string; children?: ReactNode }) {
  const { t } = useView();
  return (
    <form className="search short" role="search" action={props.action} method="get">
      <KeepLanguage />
      <div className="field grow">
        <label htmlFor="q">{props.label}</label>
        <input id="q" name="q" type="search" defaultValue={props.q} maxLength={100} />
      </div>
      {props.children}
      <button type="submit">{t('search.submit')}</button>
    </form>
  );
}

export interface Option {
  readonly value: string;
  readonly label: string;
}

export function Select(props: {
  name: string;
  label: string;
  options: readonly Option[];
  selected?: string;
  any?: string;
  required?: boolean;
  invalid?: string;
}) {
  return (
    <div className="field">
      <label htmlFor={props.name}>{props.label}</label>
      <select
        id={props.name}
        name={props.name}
        defaultValue={props.selected ?? ''}
        required={props.required}
        aria-describedby={props.invalid && `${props.name}-error`}
        aria-invalid={props.invalid ? true : undefined}
      >
        {props.any !== undefined && <option value="">{props.any}</option>}
        {props.options.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
      {props.invalid && (
        <p className="error" id={`${props.name}-error`}>
          {props.invalid}
        </p>
      )}
    </div>
  );
}

/** Texts one after another, each on a line of its own. */
export const Lines = ({ of }: { of: readonly string[] }) =>
  of.map((text, i) => (
    <Fragment key={text}>
      {i > 0 && <br />}
      {text}
    </Fragment>
  ));

/** A text of the catalogue with one part of the page in the place of its `{0}`. */
export function Around({ text, children }: { text: MessageKey; children: ReactNode }) {
  const [before, after] = useView().t(text, '\u0000').split('\u0000');
  return (
    <>
      {before}
      {children}
      {after}
    </>
  );
}
