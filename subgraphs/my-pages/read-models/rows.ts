import type { Row } from './view.ts';

/** Columns that are never null, beside those of every row. */
type Given<R extends Row> = {
  [Column in Exclude<keyof R, keyof Row> as null extends R[Column] ? never : Column]: R[Column];
};

/** Makes rows of which nothing has been heard: null in all columns that may be, and in the others what is given. */
export const blankOf = <R extends Row>(columns: Readonly<Record<keyof R, string>>, given: Given<R>): ((row: Row) => R) => {
  const nothing: object = { ...Object.fromEntries(Object.keys(columns).map((column) => [column, null])), ...given };
  return (row) => ({ ...nothing, ...row }) as R;
};

/** A row in which these columns are known. */
export type Known<R, Column extends keyof R> = Omit<R, Column> & { readonly [C in Column]: NonNullable<R[C]> };

/** The row, once these columns are known; null before. */
export const known = <R extends object, Column extends keyof R>(row: R, ...columns: Column[]): Known<R, Column> | null =>
  columns.every((column) => row[column] !== null) ? (row as Known<R, Column>) : null;
