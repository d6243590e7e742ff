import { EventType, Internal, Open } from '../../kernel/event';

// One stream a file, `import-<SHA-256 of the file>`: what was brought in, by which profile, and how every row ended.

@EventType({ zh: '历史数据导入开始', en: 'Import started', basis: 'D01' })
export class ImportStarted {
  @Open() fileSha256!: string;
  @Internal() fileName!: string;
  @Open() bytes!: number;
  /** The profile's name and the SHA-256 of its text, with what it extends. */
  @Open() profile!: string;
  @Open() profileSha256!: string;
}

/** Every row is an act or a reject: `rows = acts + differing + rejected`. The same however often the import was broken off. */
@EventType({ zh: '历史数据导入完成', en: 'Import finished', basis: 'D01' })
export class ImportFinished {
  @Open() profileSha256!: string;
  @Open() rows!: number;
  /** Rows whose act is in the ledger, by this import or an earlier one, as the row has it. */
  @Open() acts!: number;
  /** Rows whose act was in the ledger with other content; the ledger's stands. */
  @Open() differing!: number;
  @Open() rejected!: number;
  /** Rows with bytes that are no character of the file's encoding. */
  @Open() undecodable!: number;
  /** Rows with characters that an earlier conversion had lost, such as a `?` within a name. */
  @Open() damaged!: number;
}
