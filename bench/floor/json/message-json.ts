import type { Message } from '../../../services/ia/src/conversation/conversation.ts';
import { instant, plain, text } from './write-json.ts';

const ROLES: Record<string, string> = { user: 'Utilisateur', gpt4: 'GPT-4', claude: 'Claude 3', gemini: 'Gemini Pro', synthese: 'Synthèse Finale' };

/** A message of a conversation: the same bytes as the gateway's. */
export const messageJson = ({ id, conversationId, role, content, timestamp, analyseId }: Message): string =>
  `{"id":${id},"conversation":${conversationId},"role":${text(role)},"role_display":${text(ROLES[role] ?? role)},"content":${text(content)},"timestamp":${instant(timestamp)},"analyse":${plain(analyseId)}}`;
