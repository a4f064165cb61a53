export { traceToCsv } from './csv';
export { differencePicture, type DifferencePictureInput } from './difference-picture';
export { exportFileName, type ExportPart } from './file-name';
export { encodePng } from './png';
