#!/bin/sh
# Makes test/workload-api/proto/workloadapi_pb.ts, which the tests hold our own codec to, from the .proto file.
set -eu
runtime=$(cd "$(dirname "$0")/.." && pwd)
target=$runtime/test/workload-api/proto/workloadapi_pb.ts
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cp "$runtime/src/workload-api/proto/workloadapi.proto" "$scratch"
cat > "$scratch/buf.gen.yaml" <<'YAML'
version: v2
plugins:
  - local: protoc-gen-es
    out: .
    opt: [target=ts, import_extension=none]
YAML
(cd "$scratch" && npx --yes -p @bufbuild/buf@1.75.0 -p @bufbuild/protoc-gen-es@2.17.0 buf generate)
mv "$scratch/workloadapi_pb.ts" "$target"
npx biome check --write "$target"
