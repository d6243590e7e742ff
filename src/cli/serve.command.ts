import { once } from 'node:events';
import { Command } from 'commander';
import { readConfig, SETTINGS } from '../config';
import { startServer } from '../server';
import { interruption } from './terminal';

export function serveCommand(): Command {
  return new Command('serve')
    .description('启动服务 Run the server: API, public portal, legal clocks')
    .addHelpText('after', `\n设置 Settings (environment):\n${settingsTable()}`)
    .action(async () => {
      const stop = interruption();
      const mingjing = await startServer(readConfig(process.env));
      process.stdout.write(`明镜 Mingjing  ${await mingjing.app.getUrl()}\n`);
      if (!stop.aborted) await once(stop, 'abort');
      await mingjing.close();
    });
}

function settingsTable(): string {
  return Object.values(SETTINGS)
    .map((s) => {
      const bound = 'bound' in s && s.bound ? ` (${s.bound[0]}–${s.bound[1]})` : '';
      const otherwise = 'secret' in s ? '' : `; default ${JSON.stringify(s.default)}`;
      return `  ${s.env.padEnd(30)} ${s.means}${bound}${otherwise}`;
    })
    .join('\n');
}
