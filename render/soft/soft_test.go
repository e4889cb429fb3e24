package soft

import (
	"testing"

	"hotlight/render"
	"hotlight/render/rendertest"
)

func TestSoftIsTheReference(t *testing.T) {
	rendertest.Run(t, rendertest.Suite{New: func() render.Backend { return New() }})
}
