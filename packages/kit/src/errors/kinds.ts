/**
 * The error table: kind -> gRPC status -> HTTP status, with the generic French text of each kind.
 * gRPC status numbers: https://grpc.io/docs/guides/status-codes/ ; HTTP: RFC 9110, RFC 6585 (429).
 */
export const kinds = {
  invalid: row(3, 400, 'Requête invalide', 'requete.invalide', 'La requête est invalide.'),
  unauthenticated: row(16, 401, 'Authentification requise', 'token_not_valid', 'Le jeton est absent, invalide ou expiré.'),
  forbidden: row(7, 403, 'Accès refusé', 'acces.refuse', "Vous n'avez pas la permission d'effectuer cette action."),
  not_found: row(5, 404, 'Introuvable', 'ressource.introuvable', 'Ressource introuvable.'),
  conflict: row(10, 409, 'Conflit', 'ressource.conflit', 'Une autre opération a modifié cette ressource en même temps.'),
  exists: row(6, 409, 'Déjà existant', 'ressource.existante', 'Cette ressource existe déjà.'),
  stale: row(9, 412, 'Version périmée', 'ressource.perimee', 'La ressource a changé depuis votre dernière lecture : rechargez-la.'),
  unprocessable: row(11, 422, 'Requête inapplicable', 'requete.inapplicable', 'La requête ne peut pas être appliquée.'),
  exhausted: row(8, 429, 'Trop de requêtes', 'requetes.trop_nombreuses', 'Trop de requêtes : réessayez plus tard.'),
  unavailable: row(14, 503, 'Service indisponible', 'service.indisponible', 'Le service est momentanément indisponible : réessayez dans quelques instants.'),
  deadline: row(4, 503, 'Service indisponible', 'service.delai_depasse', "Le service n'a pas répondu à temps : réessayez dans quelques instants."),
  unimplemented: row(12, 501, 'Non disponible', 'service.non_disponible', "Cette fonction n'est pas disponible."),
  internal: row(13, 500, 'Erreur interne', 'erreur.interne', 'Une erreur interne est survenue.'),
} as const;

export type ErrorKind = keyof typeof kinds;

const kindByGrpc = new Map<number, ErrorKind>(Object.entries(kinds).map(([kind, { grpc }]) => [grpc, kind as ErrorKind]));

/** Kind of a gRPC status; a status outside the table (UNKNOWN, DATA_LOSS, CANCELLED…) is `internal`. */
export function kindOfGrpcStatus(status: number): ErrorKind {
  return kindByGrpc.get(status) ?? 'internal';
}

function row(grpc: number, http: number, title: string, code: string, detail: string) {
  return { grpc, http, title, code, detail };
}
