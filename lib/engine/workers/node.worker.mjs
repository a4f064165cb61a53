/** A worker thread of Node that runs TypeScript: threads do not take that over from the command that starts them. */
import { register } from 'tsx/esm/api';

register();
await import('./node.worker.ts');
