package dev.feedbackwebhooks.persistence.stored;

/**
 * How a database has the log of changes, of each node that writes one.
 *
 * @param logs all logs: {@code node}; {@code seq} and {@code time} of its newest row; {@code
 *     kept_from}: who has not read on since then may have missed whole ones
 * @param commits of a log in order, with {@code seq}, {@code time} and {@code ids}; named
 *     parameters: node, from, limit
 * @param newest of a log; parameter: node
 * @param insert parameters: node, seq, time, ids
 * @param trim removes what is old of the first rows of the writer's own log; parameters: node, seq
 *     that stays, how many rows to look at, time that what is older goes, and what is newer
 */
public record ChangeSql(String logs, String commits, String newest, String insert, String trim) {}
