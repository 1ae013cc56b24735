/**
 * Every figure that an alert compares with, and why it is that one. Changed here, `npm run generate` writes the rules anew;
 * deploy/prometheus/tests says what then fires.
 */
export const thresholds = {
  downFor: { value: '2m', reason: 'A restart takes under 30 s and two scrapes are 30 s: longer than both is no roll-out.' },
  absentFor: { value: '5m', reason: 'Discovery of targets is renewed within a minute or two: a service that is in no target list after 5 min is not measured at all.' },
  quietRequests: { value: 20, reason: 'Requests in the same hour a week ago from which on none at all is no quiet hour.' },
  outboxOldestSeconds: { value: 120, reason: 'The relay looks every 0.2 s and waits 3 s at most between attempts: 2 min is a broker or a database that is away.' },
  outboxFor: { value: '3m', reason: 'Kafka may take a minute to elect leaders; what drains by itself within 5 min needs nobody.' },
  deadLetterWindow: { value: '1h', reason: 'One event that was parked is one patient for whom something does not happen: it is told once, and for an hour.' },
  lagFor: { value: '10m', reason: 'A member that died holds its partitions for 12 s, a rebalance takes as long; analyses and messages have minutes, not seconds.' },
  breakerFor: { value: '5m', reason: 'A breaker half-opens by itself after seconds: open for 5 min, the other side is away.' },
  noAnalysisFor: { value: '15m', reason: 'An analysis takes a minute, and is given up 10 min after it began: 15 min without one end is a stop.' },
  noAnalysisSeconds: { value: 900, reason: 'The same 15 min, of the oldest: fiches that came a moment ago have not waited yet.' },
  analysisOverdueSeconds: { value: 1_800, reason: 'IA_ANALYSE_TIMEOUT_MS (10 min) ends every analysis that began: what is older than 30 min never began, or comes back again and again.' },
  messagesStuckFor: { value: '15m', reason: 'The longest pause between two attempts is 5 min: three of them in a row and none was accepted.' },
  poolFor: { value: '2m', reason: 'Callers wait a moment for a connection in any burst; for 2 min without a pause, requests run into their deadlines.' },
  connectionsRatio: { value: 0.9, reason: 'Migrations, a second pod of each roll-out and who looks with psql take connections too: a tenth is kept for them. Beyond the limit PostgreSQL refuses (53300) whoever comes last.' },
  connectionsFor: { value: '15m', reason: 'A roll-out has more pods than it began with for a few minutes; what lasts longer are replicas.' },
  postgresFor: { value: '1m', reason: 'A failover of CloudNativePG takes under a minute: connections that still fail then are refused to patients.' },
  redisFor: { value: '5m', reason: 'Redis away costs speed alone; its restart takes seconds.' },
  eventLoopSeconds: { value: 0.5, reason: 'Probes and gRPC keep-alives are counted in seconds: half a second of standing still is felt by every caller.' },
  eventLoopFor: { value: '5m', reason: 'A large export or PDF may hold a process once; for 5 min it is the load.' },
  certificateTicketDays: { value: 14, reason: 'cert-manager renews a third of the life before the end: at 14 of 90 days it should have done so for a fortnight.' },
  certificatePageDays: { value: 2, reason: 'After its end no service speaks to another. Two days hold a weekend.' },
  keyGraceDays: { value: 2, reason: 'auth looks hourly whether its key is due: two days late, it does not do it.' },
  diskTicketRatio: { value: 0.15, reason: 'PostgreSQL and Kafka grow by days, not hours: at 15 % left there is time to give them more.' },
  diskPageRatio: { value: 0.05, reason: 'Below 5 % PostgreSQL may stop with its next burst of WAL, and with it every write of a patient.' },
  diskFor: { value: '15m', reason: 'A sort or a base backup takes and gives back space within minutes.' },
  backupAgeHours: { value: 26, reason: 'A base backup is made daily; two hours are for the time it takes.' },
  walWaiting: { value: 20, reason: 'Segments of WAL (16 MB, or 5 min each) that are not archived: 20 is far beyond the promise of losing 5 min at most.' },
  walFor: { value: '10m', reason: 'A restart of the store of backups is caught up within minutes.' },
} as const;
