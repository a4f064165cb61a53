/** Draws in the background: what is done is kept, what is not is drawn. */
export { type DrawJob, type JobPorts, runJobs } from './run-jobs';
