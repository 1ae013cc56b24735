import { startSandbox, type Call, type Fault, type Message, type Sandbox } from '@mediai/sandbox';

export const twilioAccount = `AC${'0'.repeat(32)}`;
export const twilioToken = 'jeton-de-test';
export const twilioFrom = 'whatsapp:+14155238886';

/** The sandbox's Twilio, with what a test asks of it. */
export async function startTwilio() {
  const sandbox: Sandbox = await startSandbox({ twilioAuthToken: twilioToken, messageStepMs: 5 });
  const control = (method: string, path: string, body?: unknown) =>
    fetch(`${sandbox.url}/sandbox/${path}`, { method, ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }) });
  return {
    baseUrl: `${sandbox.url}/twilio`,
    setFault: async (fault: Omit<Fault, 'provider'>): Promise<void> => void (await control('PUT', 'faults', { provider: 'twilio', ...fault })),
    clearFaults: async (): Promise<void> => void (await control('DELETE', 'faults')),
    messages: async (to?: string): Promise<Message[]> => ((await (await control('GET', `messages${to ? `?to=${encodeURIComponent(to)}` : ''}`)).json()) as { messages: Message[] }).messages,
    calls: async (): Promise<string[]> => ((await (await control('GET', 'ledger?provider=twilio')).json()) as { calls: Call[] }).calls.map(({ operation }) => operation),
    async reset(): Promise<void> {
      for (const what of ['faults', 'ledger', 'messages']) await control('DELETE', what);
    },
    close: sandbox.close,
  };
}
