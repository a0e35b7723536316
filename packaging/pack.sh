#!/bin/sh
# Makes the class cache of what is to be shipped, then packs both.
# usage: pack.sh DIRECTORY TARBALL
set -eu
shipped=$1
tarball=$2
cache=$shipped/lib/feedback-webhooks.aot
rm -f "$cache"
"$(dirname "$0")/class-cache.sh" env "JAVA_OPTS=-XX:AOTCacheOutput=$cache" "$shipped/bin/feedback-webhooks"
tar -czf "$tarball" --owner=0 --group=0 -C "$(dirname "$shipped")" "$(basename "$shipped")"
