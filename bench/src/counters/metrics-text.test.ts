import { describe, expect, it } from '@jest/globals';
import { perRequest } from './count-row.ts';
import { sumOf } from './metrics-text.ts';

const text = `# HELP db_query_duration_seconds Time of a statement.
# TYPE db_query_duration_seconds histogram
db_query_duration_seconds_bucket{operation="select",le="0.001"} 99
db_query_duration_seconds_count{operation="select"} 40
db_query_duration_seconds_count{operation="insert into a } b"} 2 # {traceID="a1"} 0.5 1700000000
db_query_duration_seconds_count_else{operation="x"} 1000
plain_total 7
`;

describe('counts', () => {
  it('of a series are the sum over its labels, of that series alone', () => {
    expect(sumOf(text, 'db_query_duration_seconds_count')).toBe(42);
    expect(sumOf(text, 'plain_total')).toBe(7);
    expect(sumOf(text, 'plain')).toBe(0);
  });

  it('of one request leave out what is counted without any', () => {
    const extent = { requests: 10, elapsedMs: 500 };
    expect(perRequest({ auth: 20, consultation: 13, ia: 3 }, { consultation: 6, ia: 6 }, extent)).toEqual({ auth: 2, consultation: 1 });
  });
});
