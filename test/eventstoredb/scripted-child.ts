import { createInterface } from 'node:readline';
import { ScriptedServer, type AppendFault, type ReadFault } from './scripted-server';

/**
 * The process behind `ScriptedProcess`: `scripted-child.ts [address] [port]`. Prints its connection string, then takes one command a
 * line and prints `done`, with what the command gives:
 * - `append`, `read`, `subscription` and a fault, with how many calls it meets: `append commit_then_stall 3`; `heal` takes them all away
 * - `cut`, `end` (of subscriptions), `stop`, `stop gracefully`, `start`: the events stay in memory
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
    head: () => server.log.events.length,
  };
  for await (const line of createInterface({ input: process.stdin })) {
    const [command, ...args] = line.split(' ');
    console.log('done', (await commands[command](...args)) ?? '');
  }
  process.exit(0); // whoever started it is gone
}

void run(process.argv.slice(2));
