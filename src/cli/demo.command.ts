import { once } from 'node:events';
import { Command } from 'commander';
import { readConfig } from '../config';
import { ensureCity } from '../demonstration/demonstration';
import { announceDraw } from '../demonstration/draws';
import { welcome } from '../demonstration/welcome';
import { systemClock, dateInChina } from '../kernel/time';
import { startServer } from '../server';
import { NoticeProofs } from '../transparency/notice-proofs';
import { interruption, progressBar } from './terminal';

/** What differs from `serve` where the environment says nothing. */
const DEMO_ENVIRONMENT = { MINGJING_DATA: 'data/demo', MINGJING_LOG_LEVEL: 'warn' };

export function demoCommand(): Command {
  return new Command('demo')
    .description('演示：生成一座虚构的城市并启动服务 Make a city with invented people, and run the server in it')
    .addHelpText(
      'after',
      `
第二次启动沿用已生成的城市 A second start finds the city and only starts.
只在空目录中生成，不写入数据库服务器 It is made in an empty directory only, never in a database server.

  PORT            端口 port of the server (3000)
  MINGJING_DATA   数据目录 where the city is kept (${DEMO_ENVIRONMENT.MINGJING_DATA})`,
    )
    .action(async () => {
      const config = {
        ...readConfig({ ...DEMO_ENVIRONMENT, ...said(process.env) }),
        eventStoreUrl: '',
        postgresUrl: '',
      };
      const bar = progressBar('生成演示城市 making the city');
      const city = await ensureCity(config, { today: dateInChina(systemClock.now()), onProgress: bar.at }).finally(() =>
        bar.end(),
      );
      const stop = interruption();
      const mingjing = await startServer(config);
      try {
        await announceDraw(mingjing.commands, city.today);
        const [proof] = await mingjing.app.get(NoticeProofs, { strict: false }).list(city.notice);
        process.stdout.write(welcome(await mingjing.app.getUrl(), city, proof.href));
      } catch (error) {
        await mingjing.close().catch(() => undefined); // or it would go on listening; the first failure is the one to tell
        throw error;
      }
      if (!stop.aborted) await once(stop, 'abort');
      await mingjing.close();
    });
}

/** An empty variable is one that says nothing. */
const said = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
