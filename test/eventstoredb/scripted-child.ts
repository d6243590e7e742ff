import { createInterface } from 'node:readline';
import { othersWrite, ScriptedServer, systemEvent, type AppendFault, type ReadFault } from './scripted-server';

const OTHERS_MS = 25;

/**
 * The process behind `ScriptedProcess`: `scripted-child.ts [address] [port]`. Prints its connection string, then takes one command a
 * line and prints `done`, with what the command gives:
 * - `append`, `read`, `subscription` and a fault, with how many calls it meets: `append commit_then_stall 3`; `heal` takes them all away
 * - `cut`, `end` (of subscriptions), `stop`, `stop gracefully`, `start`: the events stay in memory
 * - `share` and milliseconds: a server on a disk, of which each append takes so long, and into which others write all the time
 * - `living` and a prefix: how many streams begin so and are not deleted
 * - `head`: how many events there are, of everybody
 */
async function run([address = '127.0.0.1', port = '0']: readonly string[]): Promise<void> {
  const server = new ScriptedServer();
  server.address = address;
  server.port = Number(port);
  await server.start();
  console.log(server.connectionString);
  const repeated = <T>(fault: string, times = '1'): T[] => Array<T>(Number(times)).fill(fault as T);
  const commands: Readonly<Record<string, (...args: string[]) => unknown>> = {
    append: (fault, times) => server.appendFaults.push(...repeated<AppendFault>(fault, times)),
    read: (fault, times) => server.readFaults.push(...repeated<ReadFault>(fault, times)),
    subscription: (fault, times) => server.subscriptionFaults.push(...repeated<ReadFault>(fault, times)),
    heal: () => (server.appendFaults.length = server.readFaults.length = server.subscriptionFaults.length = 0),
    cut: () => server.cut(),
    end: () => server.endSubscriptions(),
    stop: (how) => server.stop({ graceful: how === 'gracefully' }),
    start: () => server.start().then(() => undefined),
    share: (ms) => {
      server.log.latencyMs = Number(ms);
      server.log.write('mjtest-', [systemEvent('OfAnotherRun', {})]);
      server.log.write('$$mjtest-', [systemEvent('$metadata', { $tb: 1 })]);
      setInterval(() => othersWrite(server.log), OTHERS_MS);
    },
    living: (prefix) => server.log.living(prefix).length,
    head: () => server.log.events.length,
  };
  for await (const line of createInterface({ input: process.stdin })) {
    const [command, ...args] = line.split(' ');
    console.log('done', (await commands[command](...args)) ?? '');
  }
  process.exit(0); // whoever started it is gone
}

void run(process.argv.slice(2));
