import { createContext, useContext, type ReactNode } from 'react';
import type { ShownField } from './verifier/shown-fields';
import { useView } from './view';

const Shown = createContext<ReadonlyMap<string, ShownField>>(new Map());

/** What the parts of a notice's page may show of the record. */
export const ShownFields = Shown.Provider;

/** Whether the record has a field of this name to show. */
export const useHas = (): ((mark: string) => boolean) => {
  const fields = useContext(Shown);
  return (mark) => fields.has(mark);
};

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const HAN = /\p{Script=Han}/u;

/**
 * One field of the record in words, marked with its name: the browser compares what stands in these marks with the proofs.
 * Nothing else may stand inside one.
 */
export function Proven({ of: mark, code }: { of: string; code?: boolean }): ReactNode {
  const { lang, say } = useView();
  const field = useContext(Shown).get(mark);
  if (!field) return null;
  const text = say(field.text);
  if (DATE.test(text)) {
    return (
      <time dateTime={text} data-proves={mark}>
        {text}
      </time>
    );
  }
  const foreign = lang === 'en' && HAN.test(text) ? 'zh-CN' : undefined;
  return code ? (
    <code data-proves={mark} className={text.length > 40 ? 'long' : undefined}>
      {text}
    </code>
  ) : (
    <span data-proves={mark} lang={foreign}>
      {text}
    </span>
  );
}

export type FieldOf = (mark: string, code?: boolean) => ReactNode;

/** A marked field, or undefined where the record has none. */
export function useField(): FieldOf {
  const has = useHas();
  return (mark, code) => (has(mark) ? <Proven of={mark} code={code} /> : undefined);
}
