/** A hub on this machine and stores in memory, for tests of downloads. */
export { FakeOpfs } from './fake-opfs';
export { noise, quickNet, startHub } from './hub';
export { HubServer } from './hub-server';
export { inProcess } from './in-process';
