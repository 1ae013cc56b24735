import type { FastifyRequest } from 'fastify';

/** The French label of a field of the body, where the route's schema has one as its title. */
export function labelOf(field: string, request: FastifyRequest): string | undefined {
  const { properties } = (request.routeOptions.schema?.body ?? {}) as { properties?: Record<string, { title?: string }> };
  return properties && Object.hasOwn(properties, field) ? properties[field]?.title : undefined;
}

/** A refusal that names its field by a label, so that it is understood alone; without a label as it is. */
export function named(label: string | undefined, message: string): string {
  if (label === undefined) return message;
  const [, rest] = /^Ce champ (.*)$/s.exec(message) ?? [];
  return rest === undefined ? `« ${label} » : ${message.charAt(0).toLowerCase()}${message.slice(1)}` : `« ${label} » ${rest}`;
}
