// Opens streams with gRPC for Node. Takes as JSON on stdin: the server's address, and each stream's
// path and its request in base64. Says "open" once each has answered, and how each one ended.
import { readFileSync } from "node:fs";
import { Client, credentials } from "@grpc/grpc-js";

const { address, streams } = JSON.parse(readFileSync(0, "utf8"));
const client = new Client(address, credentials.createInsecure());
const bytes = (value) => value;
let silent = Object.keys(streams).length;
for (const [name, { path, ingest, request }] of Object.entries(streams)) {
  const message = Buffer.from(request, "base64");
  const call = ingest
    ? client.makeBidiStreamRequest(path, bytes, bytes)
    : client.makeServerStreamRequest(path, bytes, bytes, message);
  let answers = 0;
  call.on("data", () => {
    answers += 1;
    if (answers === 1 && --silent === 0) {
      console.log("open");
    }
  });
  call.on("error", (error) => {
    const details = error.metadata?.get("grpc-status-details-bin")[0]?.toString("latin1") ?? "";
    const reasons = ["SHUTTING_DOWN", "google.rpc.RetryInfo"].filter((each) => details.includes(each));
    console.log([name, error.code, ...reasons].join(" "));
  });
  if (ingest) {
    call.write(message);
  }
}
