export type TestParts = { postgresUrl: string; kafkaBrokers: string[]; redisUrl: string };

const variables = { postgresUrl: 'TEST_POSTGRES_URL', kafkaBrokers: 'TEST_KAFKA_BROKERS', redisUrl: 'TEST_REDIS_URL' } as const;

/** The address of one real part that tests run against; throws with the remedy where it is not set. */
export function testPart(part: keyof TestParts): string {
  const value = process.env[variables[part]];
  if (value) return value;
  throw new Error(`${variables[part]} is not set: run "npm test", or start the parts with "npm run parts" and set the variables that it prints.`);
}

/** The addresses of all real parts; throws with the remedy where one is not set. */
export function testParts(): TestParts {
  return { postgresUrl: testPart('postgresUrl'), kafkaBrokers: testPart('kafkaBrokers').split(','), redisUrl: testPart('redisUrl') };
}
