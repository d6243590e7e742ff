import stopPostgres from '../postgres/stop-for-jest';
import { leaveClean } from './real-server';

/** After all suites on a real server, whatever became of them. */
export default async function clean(): Promise<void> {
  await stopPostgres();
  await leaveClean();
}
