/** Files of a comparison for other programs: CSV, PNG, and their names. */
export { traceToCsv } from './csv';
export { differencePicture } from './difference-picture';
export { exportFileName, type ExportPart } from './file-name';
export { encodePng, isWholePng } from './png';
