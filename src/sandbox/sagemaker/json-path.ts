import { validationError } from './errors';

/** Picks columns of a row. */
export type ColumnFilter = (columns: string[]) => string[];

/**
 * The part of JSONPath that Batch Transform takes for CSV: `$` (all), `$[1:]`, `$[0,-1]`, `$[-1]`, and lists of indices and
 * slices; negative ones count from the end. Source: Developer Guide, "Associate Prediction Results with Input Records".
 * @throws ServiceError ValidationException
 */
export function columnFilter(expression: string | undefined): ColumnFilter {
  if (expression === undefined || expression === '$') return (columns) => columns;
  const list = /^\$\[([^\]]+)\]$/.exec(expression.replaceAll(' ', ''))?.[1];
  const parts = list?.split(',').map(readPart);
  if (!parts?.every((each) => each !== undefined)) {
    throw validationError(`The JSONPath expression "${expression}" is not supported for CSV data.`);
  }
  return (columns) => parts.flatMap((part) => part(columns));
}

function readPart(part: string): ColumnFilter | undefined {
  if (/^-?\d+$/.test(part)) {
    const index = Number(part);
    return (columns) => {
      const value = columns.at(index);
      return value === undefined ? [] : [value];
    };
  }
  const slice = /^(-?\d+)?:(-?\d+)?$/.exec(part);
  if (!slice) return undefined;
  const [start, end] = slice.slice(1).map((each) => (each === undefined ? undefined : Number(each)));
  return (columns) => columns.slice(start, end);
}
