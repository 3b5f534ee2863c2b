/** `dataset.json`: what one run was trained, validated and tested on. The CSVs have no header, so the column order stands here. */
export interface Dataset {
  formatVersion: 1;
  model: string;
  layer: string;
  runId: string;
  /** ISO-8601, UTC. */
  createdAt: string;
  /** Half-open: `from` ≤ row < `until`; ISO dates. */
  window: { from: string; until: string };
  query: {
    file: string;
    text: string;
    sha256: string;
    parameters: Record<string, string | number | boolean>;
  };
  /** Absent outside a Git work tree. */
  git?: { commit: string; dirty: boolean; remote?: string };
  engine: 'copy' | 'unload';
  /** The columns of the CSVs in order; the label is the first. */
  columns: ColumnProfile[];
  split: { by: 'time' | 'hash'; column?: string; test: number; validation: number };
  parts: { train: DatasetPart; validation: DatasetPart; test: DatasetPart };
}

export interface DatasetPart {
  s3Uri: string;
  rows: number;
  bytes: number;
  sha256: string;
  etag: string;
}

/** One column over all parts: enough to measure drift between two datasets without the rows. */
export interface ColumnProfile {
  name: string;
  rows: number;
  missing: number;
  min: number;
  max: number;
  mean: number;
  stdev: number;
  /** Exact counts when there are at most 50 distinct values, in ascending order of value. */
  values?: [value: number, count: number][];
  /** 101 percentiles (0 … 100) otherwise. */
  percentiles?: number[];
}
