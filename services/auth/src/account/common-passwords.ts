import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const minLength = 8;
const ranks = 10_000;

/** What people here choose beside them: French, Congolese, and of the trade. */
const here = `p@ssword pa$$word abcdefgh welcome123 changeme1 administrator admin123 admin1234 administrateur motdepasse motdepasse1
  motdepasse123 azerty123 azerty12 azerty1234 qsdfghjklm wxcvbn123 bonjour1 bonjour123 bonjour12 jetaime1 jetaime123 doudou12 loulou12
  soleil12 soleil123 marseille13 olympique coucou12 coucou123 nicolas1 camille1 dominique francoise jesuschrist jesusestseigneur
  dieumerci dieuestamour dieuestbon maman123 papa1234 famille1 lubumbashi lubumbashi1 kinshasa kinshasa1 congo123 congo243 tpmazembe
  mazembe1 vitaclub rdcongo1 hopital1 hopital123 medecin1 medecin123 docteur1 docteur123 patient1 patient123 sante123 bienvenue
  bienvenue1 secret123 monmotdepasse`.split(/\s+/);

/**
 * The passwords of 8 characters or more among the 10 000 commonest, in lower case (shorter ones are refused by their
 * length). The list of zxcvbn's dictionary is in the order of their frequency; only what is used of it is kept in memory.
 */
export const commonPasswords: ReadonlySet<string> = new Set([...readCommonest().filter((password) => password.length >= minLength), ...here]);

function readCommonest(): string[] {
  const file = createRequire(import.meta.url).resolve('@zxcvbn-ts/language-common/src/passwords.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as string[]).slice(0, ranks);
}
