/** Did a write break a unique constraint? */
export function isUniqueViolation(thrown: unknown): boolean {
  return (thrown as { code?: unknown } | null)?.code === 'P2002';
}
