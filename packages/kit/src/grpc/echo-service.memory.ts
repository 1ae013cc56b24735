import { create, createFileRegistry } from '@bufbuild/protobuf';
import type { GenService } from '@bufbuild/protobuf/codegenv2';
import { file_google_protobuf_wrappers, FileDescriptorProtoSchema, type StringValueSchema } from '@bufbuild/protobuf/wkt';

type Unary = { methodKind: 'unary'; input: typeof StringValueSchema; output: typeof StringValueSchema };

const text = '.google.protobuf.StringValue';
const file = create(FileDescriptorProtoSchema, {
  name: 'essai/v1/echo.proto',
  package: 'essai.v1',
  syntax: 'proto3',
  dependency: ['google/protobuf/wrappers.proto'],
  service: [{ name: 'EchoService', method: ['Echo', 'PublicEcho', 'Missing'].map((name) => ({ name, inputType: text, outputType: text })) }],
});

/** A service of the tests: text in, text out. */
export const EchoService = createFileRegistry(file, (name) => (name === 'google/protobuf/wrappers.proto' ? file_google_protobuf_wrappers : undefined)).getService(
  'essai.v1.EchoService',
) as unknown as GenService<{ echo: Unary; publicEcho: Unary; missing: Unary }>;
