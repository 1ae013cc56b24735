/** The commonest passwords of 8 characters or more that are not all digits, English and French, in lower case. */
export const commonPasswords: ReadonlySet<string> = new Set(
  `password password1 password12 password123 passw0rd p@ssw0rd p@ssword pa$$word qwertyuiop qwerty123 qwerty12 qwerty1234
  1q2w3e4r 1q2w3e4r5t 1qaz2wsx zaq12wsx qazwsxedc q1w2e3r4 asdfghjkl asdfghjk asdf1234 zxcvbnm1 abcd1234 abc12345 abcdefgh
  a1b2c3d4 aa123456 a1234567 a12345678 123456789a 12345678a 1234qwer iloveyou iloveyou1 sunshine princess football baseball
  superman starwars trustno1 whatever computer corvette michelle jennifer jordan23 liverpool liverpool1 chelsea1 arsenal1
  welcome1 welcome123 letmein1 charlie1 changeme changeme1 administrator admin123 admin1234 administrateur testtest test1234
  internet samantha victoria benjamin alexander nicholas elizabeth mercedes midnight december september november danielle
  motdepasse motdepasse1 motdepasse123 azertyuiop azerty123 azerty12 azerty1234 azertyui qsdfghjklm wxcvbn123 bonjour1
  bonjour123 bonjour12 jetaime1 jetaime123 chouchou doudou12 loulou12 soleil12 soleil123 marseille marseille13 olympique
  coucou12 coucou123 football1 nicolas1 camille1 caroline isabelle chocolat christian dominique catherine francoise jesuschrist
  jesus123 jesusestseigneur dieumerci dieuestamour dieuestbon maman123 papa1234 famille1 lubumbashi lubumbashi1 kinshasa kinshasa1
  congo123 congo243 tpmazembe mazembe1 vitaclub rdcongo1 hopital1 hopital123 medecin1 medecin123 docteur1 docteur123 patient1
  patient123 sante123 bienvenue bienvenue1 secret123 monmotdepasse`.split(/\s+/),
);
