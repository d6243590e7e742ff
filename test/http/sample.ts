import {
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateNested,
  IsObject,
} from 'class-validator';
import { Type } from 'class-transformer';
import type { Projection } from '../../projections/projection';
import { evolveBy, rule, when, type Decider } from '../../src/kernel/decider';
import { require_ } from '../../src/kernel/errors';
import { event, EventType, Internal, is, Open } from '../../src/kernel/event';

export class NoteParty {
  @IsString()
  @MinLength(1)
  @MaxLength(50)
  name!: string;

  @IsIn(['person', 'company'])
  kind!: string;
}
/** A small record, to see the HTTP side without the domain: an inspection note that is opened, rated by anyone, and closed. */
@EventType({ zh: '已开立', en: 'Note opened', basis: 'D01' })
export class NoteOpened {
  @Open() title!: string;
  @Internal() party?: NoteParty;
}
@EventType({ zh: '已评分', en: 'Note rated', basis: 'J01' })
export class NoteRated {
  @Open() stars!: number;
}
@EventType({ zh: '已关闭', en: 'Note closed', basis: 'G02' })
export class NoteClosed {
  @Open() closed!: boolean;
}

export class OpenNote {
  @IsString()
  @MinLength(1)
  @MaxLength(20)
  title!: string;

  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => NoteParty)
  party?: NoteParty;

  @IsOptional()
  @IsString()
  @MaxLength(40)
  occurredAt?: string;
}
export class RateNote {
  @IsInt()
  @Min(1)
  @Max(5)
  stars!: number;
}
export class CloseNote {}
export class BreakNote {}
export class SweepNotes {}

interface Note {
  readonly open: boolean;
  readonly ratings: number;
}

/** What a programming mistake would say: it quotes a person's name and number. */
export const PLANTED = { name: '张三丰收', identity: '110101199003077774', phone: '13800138000', search: '李四光明' };

export const note: Decider<Note> = {
  category: 'note',
  collection: 'notes',
  zh: '记录',
  en: 'Notes',
  initialState: { open: false, ratings: 0 },
  evolve: evolveBy<Note>(
    when(NoteOpened, (state) => ({ ...state, open: true })),
    when(NoteRated, (state) => ({ ...state, ratings: state.ratings + 1 })),
    when(NoteClosed, (state) => ({ ...state, open: false })),
  ),
  rules: [
    rule({
      command: OpenNote,
      may: ['officer'],
      basis: 'D01',
      zh: '开立',
      en: 'Open a note',
      decide: ({ title, party }: OpenNote) => [event(NoteOpened, { title, party })],
    }),
    rule({
      command: RateNote,
      may: ['anyone'],
      basis: 'J01',
      zh: '评分',
      en: 'Rate a note',
      decide: ({ stars }: RateNote) => [event(NoteRated, { stars })],
    }),
    rule({
      command: CloseNote,
      may: ['officer', 'head'],
      basis: 'G02',
      zh: '关闭',
      en: 'Close a note',
      decide: (_: CloseNote, state: Note) => {
        require_(state.open, 'note.not_open', {
          zh: '记录未开立，不能关闭。',
          en: 'A note that is not open cannot be closed.',
          basis: '行政处罚法 57',
        });
        return [event(NoteClosed, { closed: true })];
      },
    }),
    rule({
      command: BreakNote,
      may: ['officer'],
      basis: 'D01',
      zh: '出错',
      en: 'Fail inside',
      decide: () => {
        throw new Error(`cannot read ${PLANTED.name} ${PLANTED.identity}`);
      },
    }),
    rule({ command: SweepNotes, may: ['system'], basis: 'D01', zh: '清理', en: 'Sweep', decide: () => [] }),
  ],
};

export const notes: Projection = {
  name: 'notes',
  version: 1,
  tables: { notes: {} },
  apply: (recorded, rows) => {
    if (is(recorded, NoteOpened))
      rows.put('notes', recorded.stream.slice('note-'.length), { title: recorded.data.title });
  },
};
