// Takes jobs, POSTs each and completes it.
import { readFileSync } from 'node:fs';
import { Worker } from 'bullmq';
import { Pool } from 'undici';
import { obey } from './orders.js';

const CONCURRENCY = 128;

const [port, endpoint, caFile] = process.argv.slice(2);
const { origin, pathname } = new URL(endpoint);
const pool = new Pool(origin, {
  connections: CONCURRENCY,
  pipelining: 1,
  connect: { ca: readFileSync(caFile) },
});
const headers = { 'content-type': 'application/json' };

async function post(job) {
  const { statusCode, body } = await pool.request({
    path: pathname,
    method: 'POST',
    headers,
    body: job.data,
  });
  await body.dump();
  if (Math.trunc(statusCode / 100) !== 2) {
    throw new Error(`answered ${statusCode}`);
  }
}

let completed = 0;
let expected = 0;
let reached = () => {};

const worker = new Worker('delivery', post, {
  connection: { host: '127.0.0.1', port: Number(port) },
  concurrency: CONCURRENCY,
  removeOnComplete: { count: 0 },
});
worker.on('completed', () => {
  completed += 1;
  if (completed === expected) {
    reached();
  }
});
for (const trouble of ['failed', 'error']) {
  worker.on(trouble, (...details) => {
    console.error(trouble, ...details);
    process.exit(1);
  });
}

await obey((events) => {
  expected += events;
  return new Promise((resolve) => {
    reached = resolve;
  });
});
