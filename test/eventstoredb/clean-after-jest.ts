import { leaveClean } from './real-server';

/** After all suites on a real server, whatever became of them. */
export default leaveClean;
