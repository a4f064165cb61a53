/** What every feature needs of the page it runs in. */
export { problemOf } from './error-words';
export { publicPath } from './public-path';
export { createQueries, onPress } from './queries';
