import { isDeepStrictEqual } from 'node:util';
import { evolveBy, rule, when, type Decider } from '../../kernel/decider';
import { require_ } from '../../kernel/errors';
import { event } from '../../kernel/event';
import { FinishImport, StartImport } from './historical-commands';
import { ImportFinished, ImportStarted } from './import-events';

interface ImportState {
  /** Profiles (by SHA-256) the file was started and finished with. */
  readonly started: readonly string[];
  readonly finished: readonly ImportFinished[];
}

/**
 * The import of one file (历史数据导入). Starting again what is started, and finishing again with the same counts, records
 * nothing: an import that was broken off leaves a start without a finish, and the next run finishes it.
 */
export const importDecider: Decider<ImportState> = {
  category: 'import',
  collection: 'imports',
  zh: '历史数据导入',
  en: 'Imports',
  initialState: { started: [], finished: [] },
  evolve: evolveBy<ImportState>(
    when(ImportStarted, (state, { profileSha256 }) => ({ ...state, started: [...state.started, profileSha256] })),
    when(ImportFinished, (state, finished) => ({ ...state, finished: [...state.finished, finished] })),
  ),
  rules: [
    rule<ImportState, StartImport>({
      command: StartImport,
      may: ['import'],
      basis: 'D01',
      zh: '开始导入',
      en: 'Start an import',
      decide: (command, state) =>
        state.started.includes(command.profileSha256) ? [] : [event(ImportStarted, { ...command })],
    }),
    rule<ImportState, FinishImport>({
      command: FinishImport,
      may: ['import'],
      basis: 'D01',
      zh: '完成导入',
      en: 'Finish an import',
      decide(command, state) {
        require_(state.started.includes(command.profileSha256), 'import.not_started', {
          zh: '该文件未曾以此配置开始导入。',
          en: 'The import of this file with this profile was never started.',
          basis: 'D01',
        });
        require_(command.rows === command.acts + command.differing + command.rejected, 'import.rows_unaccounted', {
          zh: '行数不等于入账、不同与退回之和。',
          en: 'Rows are unaccounted for: they must be acts, differing or rejected.',
          basis: 'D01',
        });
        const last = state.finished.findLast((f) => f.profileSha256 === command.profileSha256);
        const finished = event(ImportFinished, { ...command });
        return last && isDeepStrictEqual({ ...last }, { ...finished }) ? [] : [finished];
      },
    }),
  ],
};
