// Adds jobs in bulk.
import { readFileSync } from 'node:fs';
import { Queue } from 'bullmq';
import { obey } from './orders.js';

const BATCH = 500;

const [port, bodyFile] = process.argv.slice(2);
const body = readFileSync(bodyFile, 'utf8');
const queue = new Queue('delivery', { connection: { host: '127.0.0.1', port: Number(port) } });

await obey(async (events) => {
  for (let left = events; left > 0; left -= BATCH) {
    const jobs = Array.from({ length: Math.min(BATCH, left) }, () => ({ name: 'post', data: body }));
    await queue.addBulk(jobs);
  }
});
