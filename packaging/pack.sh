#!/bin/sh
# Starts what is to be shipped once and stops it, so that the JVM can write down what it loaded (JEP 514: the
# next start takes a third of the time), then packs it. The cache holds wherever the tarball is unpacked, as
# long as the files keep their times.
# It waits as long as the server takes, for up to five minutes; what it printed is shown if it does not start.
# usage: pack.sh DIRECTORY TARBALL
set -eu
shipped=$1
tarball=$2
work=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$work"' EXIT INT TERM

rm -f "$shipped/lib/feedback-webhooks.aot"
JAVA_OPTS="-XX:AOTCacheOutput=$shipped/lib/feedback-webhooks.aot" "$shipped/bin/feedback-webhooks" serve \
  --grpc-address=127.0.0.1:0 --ops-address=127.0.0.1:0 "--database=sqlite:$work/f.db" >"$work/out" 2>"$work/log" &
server=$!
n=0
until grep -q ready "$work/out" 2>/dev/null; do
  n=$((n + 1))
  if [ $n -gt 3000 ] || ! kill -0 "$server" 2>/dev/null; then
    cat "$work/out" "$work/log" >&2
    echo "pack.sh: what is to be shipped does not start" >&2
    exit 1
  fi
  sleep 0.1
done
kill "$server"
wait "$server"
tar -czf "$tarball" --owner=0 --group=0 -C "$(dirname "$shipped")" "$(basename "$shipped")"
