#!/usr/bin/env bash
# What a reviewer should not have to say.
set -euo pipefail
unformatted=$(gofmt -l $(git ls-files '*.go'))
[ -z "$unformatted" ] || { echo "gofmt would change:"; echo "$unformatted"; exit 1; }
go vet -tags migrated_fynedo ./...
CGO_ENABLED=0 go vet -tags nogui ./app/... ./project/... ./render/... ./sync/...
go mod tidy -diff
go run honnef.co/go/tools/cmd/staticcheck@v0.7.0 -tags migrated_fynedo ./...
go run ./scripts/licences
