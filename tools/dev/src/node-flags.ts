/**
 * How Node runs a service, from the checkout and in its image. V8's young generation has a quarter of what it would take of a
 * machine with much memory: a service at rest keeps what it once took, and answers cost it no more.
 */
export const serviceNodeFlags: readonly string[] = ['--enable-source-maps', '--max-semi-space-size=8', '--disable-warning=ExperimentalWarning', '--disable-warning=TimeoutNegativeWarning'];
