/** To be imported before the floor (`node --import`): it then cannot load what it is there to do without. */
import { registerHooks } from 'node:module';

const LAYERS = /node_modules\/(@prisma|\.prisma|@grpc|@bufbuild|kafkajs|@opentelemetry)\/|packages\/(contracts|events|db)\/|packages\/kit\/(src|dist)\/(grpc|telemetry|metrics|log)\/|\/generated\/prisma\//;

registerHooks({
  load(url, context, nextLoad) {
    if (LAYERS.test(url)) throw new Error(`the floor does without ${url}`);
    return nextLoad(url, context);
  },
});
