/** A picture: of which pair, for which of its captions (0 or 1), and which of those drawn for it, from 0. */
export interface PictureId {
  readonly pair: number;
  readonly prompt: number;
  readonly image: number;
}

/** The authors' name of a picture: X_Y_Z.png. */
export const pictureName = ({ pair, prompt, image }: PictureId): string => `${pair}_${prompt}_${image}.png`;

/** The picture that a file name means; null for other names. */
export function parsePictureName(name: string): PictureId | null {
  const match = /^(0|[1-9]\d{0,6})_([01])_(0|[1-9]\d{0,2})\.png$/.exec(name);
  return match && { pair: Number(match[1]), prompt: Number(match[2]), image: Number(match[3]) };
}
