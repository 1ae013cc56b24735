/** Numbers as cells of a table; what was not measured is empty. */
const cell = (format: (value: number) => string) => (value: number | undefined): string => (value === undefined || !Number.isFinite(value) ? '' : format(value));

const digits = (value: number): string => value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);

export const rate = cell((value) => value.toFixed(value < 10 ? 1 : 0));
export const ms = cell(digits);
export const count = cell((value) => String(Math.round(value * 10) / 10));
export const kilobytes = cell((bytes) => digits(bytes / 1024));
export const megabytes = cell((bytes) => (bytes / 1024 ** 2).toFixed(0));
export const percent = cell((share) => `${(share * 100).toFixed(0)} %`);
export const times = cell((ratio) => `${ratio.toFixed(2)} x`);
