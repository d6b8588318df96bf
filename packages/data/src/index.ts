/**
 * `@rootstock/data`: from files to batches with masks. Tables hold named typed columns; a selection is fitted on training
 * rows into a preprocessing that is saved with the model; a data set is one dense matrix with labels and masks.
 */
export type { DataFileConfig } from './config/dataConfig.ts'
export * from './config/experimentConfig.ts'
export { type ConfigError, type ConfigProblem, explainConfig } from './config/problem.ts'
export { type DataError, explain, type Place } from './error.ts'
export { type ApplyOptions, applyPreprocessing } from './features/apply.ts'
export {
  type ClassificationLabels,
  type Dataset,
  hideLabels,
  type Labels,
  labelCounts,
  type RegressionLabels,
  takeExamples,
} from './features/dataset.ts'
export { fitPreprocessing } from './features/fit.ts'
export {
  type InputColumn,
  inputColumns,
  inputWidth,
  missingClass,
  unknownClass,
} from './features/inputColumns.ts'
export { labelledRows, labelSubset } from './features/labelSubset.ts'
export { type Prepared, prepare, type TestTable } from './features/prepare.ts'
export {
  decodePreprocessing,
  type InputFeature,
  type Preprocessing,
  parsePreprocessing,
  type TargetFeature,
} from './features/preprocessing.ts'
export { type Selected, type Selection, select } from './features/select.ts'
export type { InputSpec, SelectedInput } from './features/selectInputs.ts'
export type { SelectedTarget, TargetSpec } from './features/selectTarget.ts'
export { shuffled } from './features/shuffle.ts'
export { allRows, type Split, type SplitRows, splitRows } from './features/split.ts'
export { type ArffOptions, parseArff } from './formats/arff.ts'
export { parseArrow } from './formats/arrow/parseArrow.ts'
export type { ColumnarOptions } from './formats/columnar.ts'
export { formatCsv } from './formats/csv/formatCsv.ts'
export { type CsvOptions, defaultMissing, parseCsv } from './formats/csv/parseCsv.ts'
export { gunzip } from './formats/gunzip.ts'
export { type IdxOptions, parseIdx } from './formats/idx.ts'
export { parseParquet } from './formats/parquet/parseParquet.ts'
export { type Format, formatOf, parseTable, type TableOptions } from './formats/parseTable.ts'
export { nearest } from './nearest.ts'
export { readConfig, readExperimentData } from './readExperiment.ts'
export { readBytes, readTable } from './readTable.ts'
export {
  type ArrayColumn,
  type ArrayValues,
  type Column,
  isPresent,
  type NumberColumn,
  numberColumn,
  type StringColumn,
  stringColumn,
  valueAt,
} from './table/column.ts'
export {
  column,
  columnNames,
  dropMissing,
  joinColumns,
  renameValues,
  type Table,
  table,
  takeRows,
} from './table/table.ts'
export { type Alphabet, alphabetOf } from './text/alphabet.ts'
export { gramsOf } from './text/grams.ts'
export { readText } from './text/readText.ts'
