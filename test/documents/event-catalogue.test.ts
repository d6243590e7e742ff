import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventCatalogue } from '../../src/event-catalogue';
import { allEventDefinitions } from '../../src/kernel/event';

const FILE = join(__dirname, '../../docs/events.md');

describe('the event catalogue', () => {
  it('docs/events.md is what the event classes say (UPDATE=1 renews it)', () => {
    if (process.env.UPDATE) writeFileSync(FILE, eventCatalogue());
    expect(readFileSync(FILE, 'utf8')).toBe(eventCatalogue());
  });

  it('every field of every event has a mark, and every personal field a subject beside it', () => {
    for (const { name, fields } of allEventDefinitions()) {
      const names = fields.map((f) => f.name);
      for (const field of fields) {
        if (field.mark.kind !== 'personal') continue;
        expect({ event: name, field: field.name, has: names }).toMatchObject({
          has: expect.arrayContaining([`${field.mark.subject}Id`]) as unknown,
        });
      }
    }
  });

  it('every event has a Chinese and an English title and cites its article or system', () => {
    for (const { name, title, basis } of allEventDefinitions()) {
      expect([name, title.zh]).toEqual([name, expect.stringMatching(/\p{Script=Han}/u)]);
      expect([name, title.en]).toEqual([name, expect.stringMatching(/^[A-Z]/)]);
      expect([name, basis]).toEqual([name, expect.stringMatching(/\S/)]);
    }
  });
});
