#!/usr/bin/env bash
# build.sh FOLDER   builds the program that delivers by Argo CD's packages, and puts its definitions beside it
set -euo pipefail
folder=$(mkdir -p "$1/argo-cd-crds" && cd "$1" && pwd)
cd "$(dirname "$0")"
CGO_ENABLED=0 go build -buildvcs=false -trimpath -ldflags '-s -w' -o "$folder/argo-cd-sync" .
cp "$(go list -m -f '{{.Dir}}' github.com/argoproj/argo-cd/v3)"/manifests/crds/application*-crd.yaml "$folder/argo-cd-crds"
chmod u+w "$folder"/argo-cd-crds/*
