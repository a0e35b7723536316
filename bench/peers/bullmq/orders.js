// The bench writes a number of events to stdin, and reads the same number when that many are done.
import { createInterface } from 'node:readline';

export async function obey(perform) {
  for await (const line of createInterface({ input: process.stdin })) {
    await perform(Number(line));
    process.stdout.write(`${line}\n`);
  }
  process.exit(0);
}
