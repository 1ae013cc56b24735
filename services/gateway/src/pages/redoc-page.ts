/** The page that reads the schema, in French; nothing of it comes from elsewhere. */
export const redocPage = `<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>MediAI : référence de l'API</title>
<style>body{margin:0}#attente{font:16px/1.55 system-ui,sans-serif;padding:2rem}</style>
</head>
<body>
<main id="redoc"><p id="attente">La référence se charge…</p></main>
<noscript><p>Cette page a besoin de JavaScript ; le schéma se lit aussi à <a href="/api/schema/">/api/schema/</a>.</p></noscript>
<script src="/api/redoc/redoc.standalone.js"></script>
<script src="/api/redoc/start.js"></script>
</body>
</html>
`;

/** Starts the page. */
export const redocStart = `Redoc.init('/api/schema/', {
  hideDownloadButton: false,
  nativeScrollbars: true,
  sortTagsAlphabetically: false,
  expandResponses: '200,201',
  labels: { enum: 'Valeurs', enumSingleValue: 'Valeur', enumArray: 'Éléments', default: 'Par défaut', deprecated: 'Déprécié', example: 'Exemple', examples: 'Exemples', recursive: 'Récursif', arrayOf: 'Liste de ', webhook: 'Événement', const: 'Valeur', noResultsFound: 'Aucun résultat', download: 'Télécharger', downloadSpecification: 'Télécharger le schéma OpenAPI', responses: 'Réponses', callbackResponses: 'Réponses au rappel', requestSamples: 'Exemples de requête', responseSamples: 'Exemples de réponse' },
  theme: { colors: { primary: { main: '#0b6e6e' } }, typography: { fontFamily: 'system-ui, sans-serif', headings: { fontFamily: 'system-ui, sans-serif' } } },
}, document.getElementById('redoc'));
`;

/**
 * What the page may load beyond the other pages' policy: the worker of its search, which it makes itself. Scripts come
 * from here alone, and so do images: the package's own logo, which is elsewhere, is not fetched.
 */
export const redocPolicy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; worker-src 'self' blob:; object-src 'none'; frame-ancestors 'none'; base-uri 'self'";
