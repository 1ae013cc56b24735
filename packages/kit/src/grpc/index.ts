export { connect } from './connect.ts';
export type { CallOptions, ConnectOptions, GrpcClient } from './connect.ts';
export { acteurOf, implement } from './implement.ts';
export type { CallContext, Handler, Handlers, Implementation } from './implement.ts';
export { serve } from './serve.ts';
export type { GrpcServer, ServeOptions } from './serve.ts';
export { readTls } from './tls.ts';
export type { GrpcTls, TlsPaths } from './tls.ts';
export { methodName } from './service-definition.ts';
