import { clone, create, type MessageInitShape } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema, type FieldDescriptorProto, FieldDescriptorProto_Label as Label, type FieldDescriptorProtoSchema, FieldDescriptorProto_Type as Type, type FileDescriptorProto, type FileDescriptorSet } from '@bufbuild/protobuf/wkt';
import { reflect, type ReflectMessage } from '@bufbuild/protobuf/reflect';
import { describe, expect, it } from '@jest/globals';
import { changesetFaults, pendingType } from '../changesets.ts';
import { ownRoot } from '../repository.ts';
import { callAcross, readAcross, type Finding } from './adjacency.ts';
import { judgeContracts } from './contract-faults.ts';
import { currentContracts, releasedContracts, toRegistry } from './contracts.ts';
import { sampleOf, variantsOf } from './sample.ts';

type Field = MessageInitShape<typeof FieldDescriptorProtoSchema>;
const field = (name: string, number: number, type: Type, more: Field = {}): Field => ({ name, jsonName: name, number, type, label: Label.OPTIONAL, ...more });

const service = 'mediai/essai/v1/essai_service.proto';
const events = 'mediai/essai/v1/events.proto';

/** A suite of one service and one event, with a field of every shape. */
const before: FileDescriptorSet = create(FileDescriptorSetSchema, {
  file: [
    {
      name: service,
      package: 'mediai.essai.v1',
      syntax: 'proto3',
      enumType: [{ name: 'Etat', value: [{ name: 'ETAT_UNSPECIFIED', number: 0 }, { name: 'ETAT_OUVERTE', number: 1 }] }],
      messageType: [
        { name: 'Piece', field: [field('nom', 1, Type.STRING), field('dans', 2, Type.MESSAGE, { typeName: '.mediai.essai.v1.Piece' })] },
        {
          name: 'AskRequest',
          oneofDecl: [{ name: 'choix' }],
          field: [
            field('id', 1, Type.INT32),
            field('octets', 2, Type.BYTES),
            field('etat', 3, Type.ENUM, { typeName: '.mediai.essai.v1.Etat' }),
            field('pieces', 4, Type.MESSAGE, { typeName: '.mediai.essai.v1.Piece', label: Label.REPEATED }),
            field('grand', 5, Type.INT64),
            field('texte', 6, Type.STRING, { oneofIndex: 0 }),
            field('nombre', 7, Type.DOUBLE, { oneofIndex: 0 }),
            field('mots', 8, Type.STRING, { label: Label.REPEATED }),
          ],
        },
        { name: 'AskResponse', field: [field('piece', 1, Type.MESSAGE, { typeName: '.mediai.essai.v1.Piece' }), field('vrai', 2, Type.BOOL)] },
      ],
      service: [
        {
          name: 'EssaiService',
          method: [
            { name: 'Ask', inputType: '.mediai.essai.v1.AskRequest', outputType: '.mediai.essai.v1.AskResponse' },
            { name: 'Gather', inputType: '.mediai.essai.v1.AskRequest', outputType: '.mediai.essai.v1.AskResponse', clientStreaming: true },
            { name: 'Spread', inputType: '.mediai.essai.v1.AskRequest', outputType: '.mediai.essai.v1.AskResponse', serverStreaming: true },
          ],
        },
      ],
    },
    { name: events, package: 'mediai.essai.v1', syntax: 'proto3', messageType: [{ name: 'EssaiCreated', field: [field('id', 1, Type.INT32), field('le', 2, Type.STRING)] }] },
  ],
});

function changed(change: (files: { service: FileDescriptorProto; events: FileDescriptorProto }) => void): FileDescriptorSet {
  const set = clone(FileDescriptorSetSchema, before);
  const [first, second] = set.file;
  change({ service: first!, events: second! });
  return set;
}

async function findings(next: FileDescriptorSet): Promise<Finding[]> {
  const [previous, later] = [toRegistry(before), toRegistry(next)];
  return [...(await callAcross(previous, later)), ...readAcross(previous, later)];
}

const messageOf = (file: FileDescriptorProto, name: string) => file.messageType.find((one) => one.name === name)!;
const fieldOf = (file: FileDescriptorProto, message: string, name: string): FieldDescriptorProto => messageOf(file, message).field.find((one) => one.name === name)!;
const addField = (file: FileDescriptorProto, message: string, init: Field) => messageOf(file, message).field.push(init as FieldDescriptorProto);
const methodOf = (file: FileDescriptorProto, name: string) => file.service[0]!.method.find((one) => one.name === name)!;

describe('the contracts of this checkout', () => {
  it('and those of the last release understand each other: every method both ways, every event both ways', async () => {
    expect((await judgeContracts(ownRoot)).faults).toEqual([]);
    const [previous, next] = [toRegistry(releasedContracts(ownRoot)), toRegistry(await currentContracts(ownRoot))];
    expect([...(await callAcross(previous, next)), ...readAcross(previous, next)].filter(({ kind }) => kind === 'changed')).toEqual([]);
  });

  it('are told by a changeset of proto where they say something new', async () => {
    const told = !(await judgeContracts(ownRoot)).isAhead || (await pendingType(ownRoot, 'proto')) !== undefined;
    expect(told ? 'told' : 'proto/ has changed since its last release and no changeset names @mediai/proto: run "npm run changeset".').toBe('told');
  });

  it('have changesets that name only what has releases', async () => {
    expect(await changesetFaults(ownRoot)).toEqual([]);
  });

  it('are spoken with every field of every message filled, also those of choices', async () => {
    const registry = toRegistry(await currentContracts(ownRoot));
    const messages = [...registry].filter((type) => type.kind === 'service').flatMap(({ methods }) => methods.flatMap(({ input, output }) => [input, output]));
    expect(messages.length).toBeGreaterThan(200);
    for (const desc of messages) {
      const filled = new Set(Array.from({ length: variantsOf(desc) }, (_, variant) => reflect(desc, sampleOf(desc, variant))).flatMap((message: ReflectMessage) => message.fields.filter((one) => message.isSet(one)).map(({ name }) => name)));
      expect([desc.typeName, desc.fields.filter(({ name }) => !filled.has(name)).map(({ name }) => name)]).toEqual([desc.typeName, []]);
    }
  });
});

describe('two adjacent versions', () => {
  it('of the same contracts understand each other', async () => {
    expect(await findings(before)).toEqual([]);
  });

  it('understand each other when the later has a field, a value, a method, a service and an event more', async () => {
    const next = changed(({ service, events }) => {
      addField(service, 'AskRequest', field('neuf', 20, Type.STRING));
      addField(service, 'AskResponse', field('neuf', 20, Type.MESSAGE, { typeName: '.mediai.essai.v1.Piece' }));
      addField(service, 'Piece', field('neuf', 20, Type.INT32, { label: Label.REPEATED }));
      addField(events, 'EssaiCreated', field('neuf', 20, Type.STRING));
      service.enumType[0]!.value.push({ ...service.enumType[0]!.value[1]!, name: 'ETAT_RELUE', number: 2 });
      service.service[0]!.method.push({ ...methodOf(service, 'Ask'), name: 'AskAgain' });
      service.service.push({ ...service.service[0]!, name: 'OtherService' });
      events.messageType.push({ ...messageOf(events, 'EssaiCreated'), name: 'EssaiClosed' });
    });
    expect(await findings(next)).toEqual([]);
  });

  it.each<[string, (files: { service: FileDescriptorProto; events: FileDescriptorProto }) => void, Finding['kind'], RegExp]>([
    ['a number that becomes a text', ({ service }) => void (fieldOf(service, 'AskRequest', 'id').type = Type.STRING), 'changed', /Ask: .*\(new client, old server\)/],
    ['a number that may be negative no longer', ({ service }) => void (fieldOf(service, 'AskRequest', 'id').type = Type.UINT32), 'changed', /AskRequest\.id: -1002 was read as 4294966294/],
    ['a list that becomes one', ({ service }) => void (fieldOf(service, 'AskRequest', 'mots').label = Label.OPTIONAL), 'changed', /AskRequest\.mots: 2 written, 1 read/],
    ['a number given to another field', ({ service }) => void (fieldOf(service, 'Piece', 'nom').number = 2, fieldOf(service, 'Piece', 'dans').number = 1), 'changed', /Ask: the call failed: requete\.illisible/],
    ['bytes that become text', ({ service }) => void (fieldOf(service, 'AskRequest', 'octets').type = Type.STRING), 'changed', /Ask/],
    ['another answer', ({ service }) => void (methodOf(service, 'Ask').outputType = '.mediai.essai.v1.AskRequest'), 'changed', /Ask: .*\(new client, old server\)/],
    ['one answer that becomes many', ({ service }) => void (methodOf(service, 'Ask').serverStreaming = true), 'changed', /EssaiService\/Ask is server_streaming to one and unary to the other/],
    ['another choice at the same number', ({ service }) => void (fieldOf(service, 'AskRequest', 'nombre').type = Type.STRING), 'changed', /AskRequest\.nombre|Ask: the call failed/],
    ['an event whose field becomes a text', ({ events }) => void (fieldOf(events, 'EssaiCreated', 'id').type = Type.STRING), 'changed', /EssaiCreated: .*\(old writer, new reader\)/],
    ['an event in another package', ({ events }) => void (events.package = 'mediai.essai.v2'), 'changed', /it is read as poison \(version_inconnue\)/],
    ['a method less', ({ service }) => void service.service[0]!.method.pop(), 'removed', /The method mediai\.essai\.v1\.EssaiService\/Spread is gone/],
    ['a service less', ({ service }) => void service.service.pop(), 'removed', /The service mediai\.essai\.v1\.EssaiService is gone/],
    ['an event less', ({ events }) => void events.messageType.pop(), 'removed', /The event mediai\.essai\.v1\.EssaiCreated is gone/],
  ])('are told apart by %s', async (_, change, kind, words) => {
    const found = (await findings(changed(change))).filter((one) => one.kind === kind).map((one) => one.words);
    expect(found.join('\n')).toMatch(words);
  });
});
