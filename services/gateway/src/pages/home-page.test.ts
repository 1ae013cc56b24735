import { describe, expect, it } from '@jest/globals';
import { renderHome } from './home-page.ts';

describe('the start page', () => {
  it('shows accounts and inbox in demo only', () => {
    const page = renderHome({ demo: true, password: 'demo-mediai', sandboxUrl: 'http://127.0.0.1:9', inbox: [{ to: 'whatsapp:+243970000001', body: 'Bonjour', status: 'delivered' }] });
    for (const text of ['medecin.demo', 'demo-mediai', 'WhatsApp +243970000001', 'remis', 'SIMULATION']) expect(page).toContain(text);
    const production = renderHome({ demo: false, password: 'demo-mediai' });
    for (const text of ['medecin.demo', 'demo-mediai', 'SIMULATION']) expect(production).not.toContain(text);
  });

  it('escapes what others wrote', () => {
    const page = renderHome({ demo: true, password: '<b>', sandboxUrl: 'http://127.0.0.1:9', inbox: [{ to: '+1', body: '<script>alert(1)</script>', status: '"><i>' }] });
    expect(page).not.toMatch(/<script|<b>|"><i>/);
    expect(page).toContain('&lt;script&gt;');
  });

  it('says that the inbox is empty, or that the sandbox does not answer', () => {
    expect(renderHome({ demo: true, password: 'x', sandboxUrl: 'http://127.0.0.1:9', inbox: [] })).toContain('Aucun message');
    expect(renderHome({ demo: true, password: 'x', sandboxUrl: 'http://127.0.0.1:9' })).toContain('ne répond pas');
  });
});
