/** Rows of float32 features, row-major; a missing value is NaN. */
export interface Matrix {
  rows: number;
  columns: number;
  values: Float32Array;
}
