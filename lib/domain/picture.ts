export interface Grid {
  readonly rows: number;
  readonly columns: number;
}

/** Picture of one token grid, RGBA, row-major from the top left. */
export interface DecodedImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray<ArrayBuffer>;
}
