import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Service } from './repository.ts';

/** Programs that build an image by the same words, the first on PATH is taken. */
const builders = ['docker', 'podman', 'buildah'];

export const imageOf = (service: Service, version: string): string => `ghcr.io/mediai/${service}:${version}`;

/** The full path of what builds images on this machine, or undefined. */
export function findBuilder(path: string = process.env.PATH ?? ''): string | undefined {
  const isProgram = (file: string): boolean => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  };
  return builders.flatMap((name) => path.split(delimiter).filter(Boolean).map((dir) => join(dir, name))).find(isProgram);
}

/** Builds the image of one service from the checkout, with what the builder says passing to this process's own streams. @throws Error when it fails */
export async function buildImage(root: string, builder: string, service: Service, version: string): Promise<void> {
  const args = ['build', '-f', `deploy/docker/Dockerfile.${service}`, '--build-arg', `VERSION=${version}`, '-t', imageOf(service, version), '.'];
  const code = await new Promise<number>((resolve, reject) => {
    spawn(builder, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] }).once('error', reject).once('close', (status) => resolve(status ?? 1));
  });
  if (code !== 0) throw new Error(`${imageOf(service, version)} was not built ("${builder} ${args.join(' ')}" ended with ${code}): the commit and the tag are made, so build it again by this command.`);
}
