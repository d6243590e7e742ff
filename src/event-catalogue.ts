import './deciders'; // declares every event
import { allEventDefinitions, type EventDefinition, type Mark } from './kernel/event';

const MARKS: Readonly<Record<Mark['kind'], string>> = {
  open: 'open 可公开',
  internal: 'internal 内部',
  personal: 'personal 个人信息',
};

/** Declared types that say something; a union of words and a structure are told apart by the class itself. */
const TYPES: Readonly<Record<string, string>> = {
  String: 'text',
  Number: 'number',
  Boolean: 'yes or no',
  Array: 'list',
};

/** The catalogue of all events as Markdown: fields, marks, versions and articles; `docs/events.md` is this text. */
export function eventCatalogue(): string {
  const all = allEventDefinitions();
  return [
    '# Events 事件目录',
    '',
    'Generated from the event classes; a test says when it drifts, and renews it when it runs with `UPDATE=1`. A field says who may see it:',
    '`open` may appear in a public notice, `internal` is for staff, `personal` belongs to the subject whose opaque id stands in',
    'the field named beside it. Every event also has the envelope of `src/kernel/event.ts`.',
    '',
    `${all.length} events.`,
    '',
    '| event | 中文 | version | basis |',
    '|---|---|---|---|',
    ...all.map((d) => `| [${d.name}](#${d.name.toLowerCase()}) | ${d.title.zh} | ${d.version} | ${d.basis} |`),
    '',
    ...all.flatMap(section),
  ].join('\n');
}

function section(definition: EventDefinition): string[] {
  const upcasts = Object.keys(definition.upcasts);
  return [
    `## ${definition.name}`,
    '',
    `${definition.title.zh} — ${definition.title.en}. ${definition.basis}. Version ${definition.version}${
      upcasts.length > 0 ? `; older versions read as this one: ${upcasts.join(', ')}` : ''
    }.`,
    '',
    ...(definition.fields.length > 0
      ? [
          '| field | type | mark |',
          '|---|---|---|',
          ...definition.fields.map(
            ({ name, type, mark }) =>
              `| ${name} | ${TYPES[type] ?? ''} | ${MARKS[mark.kind]}${mark.kind === 'personal' ? ` (${mark.subject}Id)` : ''} |`,
          ),
        ]
      : ['No fields of its own.']),
    '',
  ];
}
