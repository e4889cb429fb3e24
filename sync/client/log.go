package client

import (
	"context"
	"fmt"
	"net/http"

	"hotlight/project/audit"
	"hotlight/sync/wire"
)

// OwnLog fetches the whole log of this person's commits and proves it against its checkpoint.
func (h *HTTP) OwnLog(ctx context.Context) (audit.Checkpoint, []wire.Leaf, error) {
	c, raw, err := h.log(ctx, "own", wire.AuthorLog(h.config.Project, h.config.Signer.ReaderID()))
	leaves := make([]wire.Leaf, len(raw))
	for i := range raw {
		if err == nil {
			err = wire.Unmarshal(raw[i], &leaves[i])
		}
	}
	return c, leaves, err
}

// ProjectLog fetches the whole log of the project and proves it against its checkpoint; the lead's only.
func (h *HTTP) ProjectLog(ctx context.Context) (audit.Checkpoint, []wire.ProjectLeaf, error) {
	c, raw, err := h.log(ctx, "project", wire.ProjectLog(h.config.Project))
	leaves := make([]wire.ProjectLeaf, len(raw))
	for i := range raw {
		if err == nil {
			err = wire.Unmarshal(raw[i], &leaves[i])
		}
	}
	return c, leaves, err
}

// log fetches the pages of a log as it is at the first one, and proves them.
func (h *HTTP) log(ctx context.Context, which, origin string) (audit.Checkpoint, [][]byte, error) {
	key := h.config.Server.LogKey
	var leaves [][]byte
	var size int64
	var signed string
	for {
		var page wire.LogPage
		path := fmt.Sprintf("/v1/log/%s?from=%d&size=%d", which, len(leaves), size)
		err := h.config.Retry.do(ctx, func() (bool, error) {
			return false, h.call(ctx, request{method: http.MethodGet, path: path}, expect(&page))
		})
		if err != nil {
			return audit.Checkpoint{}, nil, err
		}
		if signed == "" {
			c, err := wire.OpenLogCheckpoint(key, page.Checkpoint, origin)
			if err != nil {
				return audit.Checkpoint{}, nil, err
			}
			signed, size = page.Checkpoint, c.Size
		}
		leaves = append(leaves, page.Leaves...)
		if int64(len(leaves)) >= size || len(page.Leaves) == 0 {
			break
		}
	}
	c, err := wire.VerifyLog(key, origin, signed, leaves[:min(int64(len(leaves)), size)])
	return c, leaves, err
}
