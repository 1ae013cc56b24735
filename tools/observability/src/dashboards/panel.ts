/** Grafana's own names of units: what a number on a panel means. */
export type Unit = 'short' | 'percentunit' | 's' | 'reqps' | 'ops' | 'bytes' | 'currencyUSD' | 'dateTimeFromNow' | 'bool_on_off';

export type Query = {
  expr: string;
  /** What a series is called, with its labels in `{{ }}`. */
  legend: string;
  /** Whether points of traces are shown, each a link to its trace: on histograms of services that trace. */
  exemplar?: boolean;
};

/** From this value on, in this colour; below the first step it is green. */
export type Step = { from: number; color: 'orange' | 'red' | 'green' };

export type Panel = {
  kind: 'graph' | 'number' | 'table';
  title: string;
  /** What is seen, and what it tells. */
  description: string;
  unit: Unit;
  queries: Query[];
  /** Columns of 24; graphs take 8 unless told. */
  width?: number;
  /** Counts are drawn on top of each other. */
  stacked?: boolean;
  max?: number;
  steps?: Step[];
  /** Dashboard that says more, by its key. */
  more?: string;
};

export type Row = { title: string; panels: Panel[] };

/** A choice at the top of a dashboard: the values of a label of a series. */
export type Choice = { name: string; label: string; series: string; of: string };

export type Dashboard = {
  /** Its file, and its uid behind `mediai-`. */
  key: string;
  title: string;
  description: string;
  choices: Choice[];
  rows: Row[];
};

/** The services as a choice, and in `expr` as `service=~"$service"`. */
export const serviceChoice: Choice = { name: 'service', label: 'Service', series: 'build_info', of: 'service' };

/** Processes of the chosen services. */
export const instanceChoice: Choice = { name: 'instance', label: 'Instance', series: 'build_info{service=~"$service"}', of: 'instance' };
