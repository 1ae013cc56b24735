export type Inspector = {
  /** Asks one method of the Chrome DevTools protocol. @throws with its words where it is refused */
  send<T = unknown>(method: string, params?: object): Promise<T>;
  close(): void;
};

type Answer = { id: number; result?: unknown; error?: { message: string } };

/** A connection to the inspector of a Node process, by the `ws://` address that it tells in its log. */
export async function connectInspector(url: string): Promise<Inspector> {
  const socket = new WebSocket(url);
  const waiting = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>();
  let sent = 0;
  socket.addEventListener('message', ({ data }) => {
    const { id, result, error } = JSON.parse(String(data)) as Answer;
    const asked = waiting.get(id);
    waiting.delete(id);
    if (error) asked?.reject(new Error(error.message));
    else asked?.resolve(result);
  });
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve());
    socket.addEventListener('error', () => reject(new Error('an inspector did not answer')));
  });
  socket.addEventListener('close', () => {
    for (const { reject } of waiting.values()) reject(new Error('an inspector has gone away'));
    waiting.clear();
  });
  return {
    send: <T>(method: string, params: object = {}) =>
      new Promise<T>((resolve, reject) => {
        sent += 1;
        waiting.set(sent, { resolve: resolve as (result: unknown) => void, reject });
        socket.send(JSON.stringify({ id: sent, method, params }));
      }),
    close: () => socket.close(),
  };
}
