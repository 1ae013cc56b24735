import { createLecteur, raisons, rolesIa, sansHtml, tables, type Jugement, type Ligne } from '@mediai/import-django';

/** A conversation of the original: a row here, or one whose messages join those of the fiche's first. */
export type ConversationReprise = {
  id: number;
  /** Where its messages go: its own id, or the first conversation's. */
  destination: number;
  nom: string | null;
  userId: number | null;
  ficheId: number | null;
  createdAt: Date;
  updatedAt: Date;
};

/** An analysis that the original knew only by its messages. */
export type AnalyseReprise = { id: number; ficheId: number; conversationId: number; debut: Date; fin: Date; voix: number };

export type MessageRepris = { id: number; conversationId: number; role: string; content: string; timestamp: Date; analyse: AnalyseReprise | null };

/** A fiche as these conversations need it. */
export type FicheLiee = {
  userId: number | null;
  /** The first of the conversations that are the fiche's own; null when there is none. */
  premiere: number | null;
};

const roles = ['user', ...rolesIa] as const;
const contenuMax = 100_000;

/**
 * Judges conversations of the original. A fiche has one here: its patient's (or, where it has no patient, whoever's), the
 * first of several; the others' messages join it. Another person's conversation about a fiche stays that person's own,
 * without the fiche: what a médecin asked of an IA is not for the patient to read.
 */
export function createJugerConversations({ maintenant }: { maintenant: Date }) {
  return (lignes: Ligne[], { fiches, estUtilisateur, estTenue }: { fiches: ReadonlyMap<number, FicheLiee>; estUtilisateur: (id: number) => boolean; estTenue: (id: number) => boolean }): Jugement<ConversationReprise>[] =>
    lignes.map((ligne) => {
      const lecteur = createLecteur(tables.conversations, ligne);
      const ficheId = lecteur.reference('fiche_id', (id) => fiches.has(id));
      const fiche = ficheId === null ? undefined : fiches.get(ficheId);
      const estSienne = fiche !== undefined && (fiche.userId === null || fiche.userId === Number(ligne['user_id']));
      if (fiche && !estSienne) lecteur.reserver('fiche_id', 'conversation d’un autre que le patient de la fiche, gardée sans elle');
      const utilisateur = lecteur.reference('user_id', estUtilisateur);
      if (!estSienne && utilisateur === null) lecteur.ecarter('user_id', 'conversation que personne ne pourrait lire');
      const premiere = (estSienne && fiche?.premiere) || lecteur.id;
      if (premiere !== lecteur.id && !estTenue(premiere)) lecteur.ecarter('fiche_id', 'première conversation de la fiche non reprise');
      else if (premiere !== lecteur.id) lecteur.reserver('fiche_id', 'seconde conversation de la fiche, réunie à la première');
      return lecteur.jugement(() => {
        const createdAt = lecteur.instant('created_at') ?? maintenant;
        return {
          id: lecteur.id,
          destination: premiere,
          nom: lecteur.texte('nom', 100),
          // Of a fiche's own conversation the owner is the fiche's patient.
          userId: estSienne && fiche.userId === null ? null : utilisateur,
          ficheId: estSienne ? ficheId : null,
          createdAt,
          updatedAt: lecteur.instant('updated_at') ?? createdAt,
        };
      });
    });
}

/** What messages are judged with. */
export type Voisinage = {
  /** Conversations that are taken over, by their ids there. */
  conversations: ReadonlyMap<number, ConversationReprise>;
  /** The analysis of each message that an IA wrote about a fiche. */
  analyses: ReadonlyMap<number, AnalyseReprise>;
  /** Ids of analyses that are here already and come from elsewhere. */
  prises: ReadonlySet<number>;
};

/** Judges messages of the original. What an IA wrote of no fiche has no analysis, and no patient reads it. */
export function jugerMessages(lignes: Ligne[], { conversations, analyses, prises }: Voisinage): Jugement<MessageRepris>[] {
  return lignes.map((ligne) => {
    const lecteur = createLecteur(tables.messages, ligne);
    const conversation = conversations.get(Number(ligne['conversation_id']));
    if (!conversation) lecteur.ecarter('conversation_id', raisons.inconnu);
    const role = lecteur.choix('role', roles);
    if (role === null) lecteur.ecarter('role', raisons.choix);
    return lecteur.jugement(() => {
      const texte = lecteur.texte('content', contenuMax) ?? '';
      const trouvee = analyses.get(lecteur.id) ?? null;
      if (trouvee && prises.has(trouvee.id)) lecteur.reserver('conversation_id', 'identifiant de son analyse déjà pris, message caché au patient');
      return {
        id: lecteur.id,
        conversationId: conversation?.destination ?? 0,
        role: role ?? 'user',
        content: role === 'user' ? texte : sansHtml(texte),
        timestamp: lecteur.instant('timestamp') ?? conversation?.createdAt ?? new Date(0),
        analyse: trouvee && !prises.has(trouvee.id) ? trouvee : null,
      };
    });
  });
}

