#!/usr/bin/env bash
# build.sh FOLDER   builds the Prometheus operator, and what its pods run, from their sources
set -euo pipefail
folder=$(mkdir -p "$1" && cd "$1" && pwd)
cd "$(dirname "$0")"
operator=github.com/prometheus-operator/prometheus-operator prometheus=github.com/prometheus/prometheus
version=$(go list -m -f '{{.Version}}' "$operator")
build() { CGO_ENABLED=0 go build -buildvcs=false -trimpath -ldflags "-s -w -X github.com/prometheus/common/version.Version=${version#v}" "$@"; }
build -o "$folder/prometheus-operator" "$operator/cmd/operator"
build -o "$folder/prometheus-config-reloader" "$operator/cmd/prometheus-config-reloader"
# v0.312.0 is Prometheus 3.12.0. It finds its targets by the API server alone; that of Debian is built without.
version=$(go list -m -f '{{.Version}}' "$prometheus" | sed -E 's/^v0\.([0-9]+)([0-9]{2})\./v\1.\2./')
build -tags remove_all_sd,enable_kubernetes_sd -o "$folder/prometheus-in-pods" "$prometheus/cmd/prometheus"
