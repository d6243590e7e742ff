import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { buildOpenApi } from '../api/openapi';
import { readConfig } from '../config';
import { eventCatalogue } from '../event-catalogue';
import { openMingjing } from '../server';

/** The documents of `docs/` that are generated from the program, by the name of their file. */
export async function generatedDocuments(): Promise<Record<string, string>> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'mingjing-documents-'));
  try {
    const mingjing = await openMingjing({ ...readConfig({}), dataDirectory, logLevel: 'silent' });
    try {
      return {
        'openapi.json': `${JSON.stringify(buildOpenApi(mingjing.app), null, 2)}\n`,
        'events.md': eventCatalogue(),
      };
    } finally {
      await mingjing.close();
    }
  } finally {
    await rm(dataDirectory, { recursive: true, force: true });
  }
}

export function documentsCommand(): Command {
  return new Command('documents')
    .description('生成接口文档与事件目录 Write docs/openapi.json and docs/events.md anew')
    .option('-d, --directory <directory>', 'where to', 'docs')
    .action(async ({ directory }: { directory: string }) => {
      for (const [name, text] of Object.entries(await generatedDocuments())) {
        await writeFile(join(directory, name), text);
        process.stdout.write(`${join(directory, name)}\n`);
      }
    });
}
