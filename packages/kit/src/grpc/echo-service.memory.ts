import { create, createFileRegistry } from '@bufbuild/protobuf';
import type { GenService } from '@bufbuild/protobuf/codegenv2';
import { file_google_protobuf_wrappers, FileDescriptorProtoSchema, type StringValueSchema } from '@bufbuild/protobuf/wkt';

type Method<Kind extends 'unary' | 'client_streaming' | 'server_streaming'> = { methodKind: Kind; input: typeof StringValueSchema; output: typeof StringValueSchema };

const text = '.google.protobuf.StringValue';
const file = create(FileDescriptorProtoSchema, {
  name: 'essai/v1/echo.proto',
  package: 'essai.v1',
  syntax: 'proto3',
  dependency: ['google/protobuf/wrappers.proto'],
  service: [
    {
      name: 'EchoService',
      method: [
        ...['Echo', 'PublicEcho', 'Missing'].map((name) => ({ name, inputType: text, outputType: text })),
        ...['Gather', 'MissingUp'].map((name) => ({ name, inputType: text, outputType: text, clientStreaming: true })),
        ...['Spread', 'MissingDown'].map((name) => ({ name, inputType: text, outputType: text, serverStreaming: true })),
      ],
    },
  ],
});

/** A service of the tests: text in, text out; `gather` takes many texts, `spread` gives many. */
export const EchoService = createFileRegistry(file, (name) => (name === 'google/protobuf/wrappers.proto' ? file_google_protobuf_wrappers : undefined)).getService(
  'essai.v1.EchoService',
) as unknown as GenService<{
  echo: Method<'unary'>;
  publicEcho: Method<'unary'>;
  missing: Method<'unary'>;
  gather: Method<'client_streaming'>;
  missingUp: Method<'client_streaming'>;
  spread: Method<'server_streaming'>;
  missingDown: Method<'server_streaming'>;
}>;
