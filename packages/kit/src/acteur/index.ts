export { readActeur } from './acteur.ts';
export type { Acteur, Role } from './acteur.ts';
export { createKeyRing } from './jwks.ts';
export type { Jwks } from './jwks.ts';
export { createServiceTokenSource } from './service-token.ts';
export type { ServiceTokenOptions } from './service-token.ts';
export { createTokenVerifier } from './verify-token.ts';
export type { TokenVerifier, TokenVerifierOptions } from './verify-token.ts';
