import end from '../end-of-run';
import { leaveClean } from './real-server';

/** After all suites on a real server, whatever became of them. */
export default async function clean(): Promise<void> {
  await end();
  await leaveClean();
}
