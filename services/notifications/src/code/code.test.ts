import { describe, expect, test } from '@jest/globals';
import { isEmail, writeCode } from './code.ts';

test('the text says who, the code and how long it counts', () => {
  expect(writeCode({ prenom: 'Amani', code: '482913', minutes: 10 })).toEqual({
    subject: 'Votre code MediAI',
    body: "Bonjour Amani, votre code MediAI est 482913. Il est valable 10 minutes et ne sert qu'une fois. Ne le donnez à personne. Si vous n'avez rien demandé, ignorez ce message.",
    variables: { 1: '482913', 2: '10' },
  });
  expect(writeCode({ prenom: 'http://evil.example', code: '482913', minutes: 1 }).body).toMatch(/^Bonjour, votre code MediAI est 482913\. Il est valable 1 minute et/);
});

describe('an address for a code', () => {
  test.each(['amani@exemple.cd', "n'sele+mediai@mail.exemple.co.uk", 'jérôme@exemple.cd', 'root@localhost'])('%s', (text) => {
    expect(isEmail(text)).toBe(true);
  });
  test.each([null, '', 'amani', 'a@b@c.cd', '"a@evil.example"@exemple.cd', 'a@exemple.cd, b@evil.example', 'a@exemple.cd\r\nBcc: b@evil.example', 'A <a@exemple.cd>', 'a b@exemple.cd', `${'a'.repeat(250)}@b.cd`])('never %j', (text) => {
    expect(isEmail(text)).toBe(false);
  });
});
