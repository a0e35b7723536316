// Verifies one POST, given as JSON on stdin, with the libraries that receivers use; says "verified".
import { readFileSync } from "node:fs";
import { createLocalJWKSet, jwtVerify } from "jose";
import { Webhook } from "standardwebhooks";

const post = JSON.parse(readFileSync(0, "utf8"));
if (post.secret) {
  new Webhook(post.secret).verify(post.body, post.headers);
}
if (post.jwks) {
  const token = post.headers.authorization.replace("Bearer ", "");
  await jwtVerify(token, createLocalJWKSet(post.jwks), post.options ?? {});
}
console.log("verified");
