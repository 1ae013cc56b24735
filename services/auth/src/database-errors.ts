type UniqueViolation = { code?: unknown; meta?: { driverAdapterError?: { cause?: { constraint?: { index?: string } } } } };

/** The name of the unique constraint that a write broke; undefined for any other error. */
export function uniqueViolation(thrown: unknown): string | undefined {
  const { code, meta } = (thrown ?? {}) as UniqueViolation;
  return code === 'P2002' ? meta?.driverAdapterError?.cause?.constraint?.index : undefined;
}
