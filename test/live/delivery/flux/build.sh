#!/usr/bin/env bash
# build.sh FOLDER   builds Flux's kustomize-controller, and writes the definitions of what it reads
set -euo pipefail
folder=$(mkdir -p "$1/flux-crds" && cd "$1" && pwd)
cd "$(dirname "$0")"
controller=github.com/fluxcd/kustomize-controller
CGO_ENABLED=0 go build -buildvcs=false -trimpath -ldflags '-s -w' -o "$folder/kustomize-controller" "$controller"
cp "$(go list -m -f '{{.Dir}}' "$controller")"/config/crd/bases/*.yaml "$folder/flux-crds"
chmod u+w "$folder"/flux-crds/*
# Its own come with it; those of its sources are made of their types, as Flux makes them.
go tool controller-gen crd paths=github.com/fluxcd/source-controller/api/v1 "output:crd:dir=$folder/flux-crds"
