import { expect, test } from '@jest/globals';
import { writeInvitation } from './onboarding.ts';

test('an invitation names the number, the words and a link that opens the conversation with them', () => {
  const { numero, message, lien, instructions, sms } = writeInvitation('whatsapp:+14155238886', 'join mangue-pluie');
  expect([numero, message, lien]).toEqual(['+14155238886', 'join mangue-pluie', 'https://wa.me/14155238886?text=join%20mangue-pluie']);
  expect(instructions).toContain('« join mangue-pluie »');
  expect(sms).toContain('"join mangue-pluie"');
});

test('outside of the sandbox any first message opens it', () => {
  expect(writeInvitation('whatsapp:+243810000000', undefined)).toMatchObject({ message: 'Bonjour', lien: 'https://wa.me/243810000000?text=Bonjour' });
});

test('as an SMS it is one message: 160 letters of the alphabet of GSM 03.38', () => {
  const { sms } = writeInvitation('whatsapp:+14155238886', 'join mangue-pluie');
  expect(sms.length).toBeLessThanOrEqual(160);
  expect(sms).toMatch(/^[\w .,:;?!"'()+%/=@àéèùòì-]+$/);
});
